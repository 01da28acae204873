package io.dicm.ams.dense;

import io.dicm.ams.optimizer.OptimizerState;

/**
 * One server's range of the dense parameters at one moment.
 *
 * @param fullLength of the whole vector, over all servers
 * @param statistics of batches that it begins with, over all servers
 * @param updates that it has had in its phase
 * @param phase of the training in which the latest was made, as {@link DenseParameters#update} says
 * @param range values and slots, [range length] each
 */
public record DenseSnapshot(
    int fullLength, int statistics, long updates, int phase, OptimizerState range) {}
