package io.dicm.app.master.stage;

import io.dicm.app.master.membership.Recovery;
import io.dicm.common.error.DicmException;

/** How a gang ended. */
sealed interface GangOutcome {
  /** Everybody has done and written its part. */
  record Finished() implements GangOutcome {}

  /**
   * It was ended because of a failure.
   *
   * @param cause the first one
   * @param recovery whether the same gang started again may go better
   */
  record Failed(DicmException cause, Recovery recovery) implements GangOutcome {}

  /** Throws the cause of a failure. */
  default void orThrow() {
    if (this instanceof Failed failed) {
      throw failed.cause();
    }
  }
}
