package io.dicm.ams.submodel;

import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.optimizer.OptimizerState;

/**
 * One server's range of a network of the sub-model at one moment.
 *
 * @param name the network's name
 * @param layout of the network's flat vector
 * @param updates that the range has had
 * @param range of the flat vector
 * @param state values and slots, [range length] each
 */
public record NetworkSnapshot(
    String name, NetworkLayout layout, long updates, DenseRange range, OptimizerState state) {}
