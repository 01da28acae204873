package io.dicm.trainer.lease;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Optional;

/** Where one worker or predictor gets its leases. For one thread at a time. */
@FunctionalInterface
public interface LeaseSource {
  /**
   * A lease of an epoch by its place among the caller's own. The same question has the same answer
   * for as long as the application lives: so a call whose answer was lost can be made again, and a
   * process that takes another's place reads what that one read.
   *
   * @param epoch pass over the samples, from 0
   * @param number how many leases of the epoch come before it, from 0; all of those were asked for
   * @return nothing when none is left, which then stays so
   * @throws DicmException {@link ErrorCode#SERVICE_UNAVAILABLE} when nobody answers in time
   */
  Optional<SampleLease> lease(int epoch, int number);
}
