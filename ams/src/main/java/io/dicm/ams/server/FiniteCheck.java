package io.dicm.ams.server;

import io.dicm.ams.checkpoint.ServerSnapshot;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.submodel.NetworkSnapshot;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * Refuses to keep a training that has diverged: the update of the last step may make values that
 * are no numbers, and no loss comes after it that would show them. Looks at this server's ranges of
 * the dense parameters and of the sub-model, with what the optimiser keeps beside each value.
 * Immutable.
 *
 * @param what is about to be done, after "Cannot"
 * @param server whose values they are
 */
record FiniteCheck(String what, int server) {
  /**
   * Looks at a snapshot.
   *
   * @throws DicmException {@link ErrorCode#TRAINING_DIVERGED} naming the first value that is not a
   *     finite number
   */
  void check(ServerSnapshot snapshot) {
    check("the dense parameters", snapshot.dense().range());
    for (NetworkSnapshot network : snapshot.networks()) {
      check("the sub-model's network '" + network.name() + "'", network.state());
    }
  }

  private void check(String parameters, OptimizerState state) {
    check(parameters, state.values());
    for (float[] slot : state.slots()) {
      check("what the optimiser keeps of " + parameters, slot);
    }
  }

  private void check(String parameters, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DicmException(
            ErrorCode.TRAINING_DIVERGED,
            "Cannot %s: value %d of server %d's range of %s is %s. Train again with a smaller %s."
                .formatted(what, i, server, parameters, values[i], DicmKeys.TRAIN_LEARNING_RATE));
      }
    }
  }
}
