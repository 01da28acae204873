package io.dicm.app.master.stage;

import io.dicm.app.launch.Role;
import io.dicm.app.master.membership.Recovery;
import io.dicm.common.error.DicmException;
import java.util.Optional;

/** How a gang ended. */
sealed interface GangOutcome {
  /** Everybody has done and written its part. */
  record Finished() implements GangOutcome {}

  /**
   * It was ended because of a failure.
   *
   * @param cause the first one
   * @param recovery whether the same gang started again may go better
   * @param shortOfMemory the role whose containers are too small, when that was the cause
   */
  record Failed(DicmException cause, Recovery recovery, Optional<Role> shortOfMemory)
      implements GangOutcome {
    /** Of another cause than too little memory. */
    Failed(DicmException cause, Recovery recovery) {
      this(cause, recovery, Optional.empty());
    }
  }
}
