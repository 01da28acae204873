package io.dicm.ams.submodel;

import io.dicm.ams.optimizer.OptimizerState;

/**
 * One network of the sub-model at one moment.
 *
 * @param name the network's name
 * @param layout of the flat vectors
 * @param updates that it has had
 * @param flat values and slots, [layout length] each
 */
public record NetworkSnapshot(
    String name, NetworkLayout layout, long updates, OptimizerState flat) {}
