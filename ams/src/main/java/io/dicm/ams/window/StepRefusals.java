package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.GpuFailures;
import java.util.Arrays;
import java.util.concurrent.CompletionException;

/** What a window refuses, and in which words. */
final class StepRefusals {
  private StepRefusals() {}

  static DicmException refused(int worker, long step, String why) {
    return new DicmException(
        ErrorCode.INTERNAL, "Cannot run step " + step + " for worker " + worker + ": " + why + ".");
  }

  static DicmException lateJoin(int worker, long step) {
    return new DicmException(
        ErrorCode.STALE_EPOCH,
        "Cannot let worker "
            + worker
            + " join: training is at step "
            + step
            + " already. A restarted worker needs a new epoch.");
  }

  static DicmException timedOut(long step, String why, long timeoutMs) {
    return new DicmException(
        ErrorCode.WINDOW_TIMED_OUT,
        "Cannot run step " + step + ": " + why + " within " + timeoutMs + " ms. See their logs.");
  }

  /** What an unexpected error means for the training. */
  static DicmException failure(long step, Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return GpuFailures.explained("run step " + step, cause);
  }

  static void checkReach(int worker, long asked, long finished, int stepsAhead) {
    // One more than staleness allows: a request may overtake the gradients sent before it.
    if (asked < finished || asked > finished + stepsAhead + 1) {
      throw refused(worker, asked, "the server is at step " + finished);
    }
  }

  static void checkSameKeys(int worker, StepRequest earlier, StepRequest request) {
    if (!Arrays.equals(earlier.adImageKeys(), request.adImageKeys())
        || !Arrays.equals(earlier.behaviorImageKeys(), request.behaviorImageKeys())
        || !Arrays.equals(earlier.idKeys(), request.idKeys())) {
      throw refused(worker, request.step(), "it asked for other keys before");
    }
  }

  static void checkLengths(
      int worker, StepInputs inputs, StepGradients sent, boolean trainsImages) {
    if (sent.adCodes().length != (trainsImages ? inputs.adCodes().length : 0)
        || sent.behaviorCodes().length != (trainsImages ? inputs.behaviorCodes().length : 0)
        || sent.idEmbeddings().length != inputs.idEmbeddings().length
        || sent.dense().length != inputs.dense().length
        || sent.impressions() < 0) {
      throw refused(worker, sent.step(), "its gradients do not fit what it was answered");
    }
  }
}
