package io.dicm.feature.device;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells what failed on a GPU from other failures: libtorch's are all of one class. Words for both.
 */
public final class GpuFailures {
  /** What follows of a message is of no use here: advice for Python, and where in C++ it was. */
  private static final Pattern SAID =
      Pattern.compile(
          "CUDA out of memory\\..*? is free|CUDA out of memory|(?:CUDA|CUDA driver|cuDNN) error: [^\\n]*");

  private static final Pattern MEMORY = Pattern.compile("out of memory|ALLOC_FAILED");

  private GpuFailures() {}

  /**
   * What an unexpected failure means: {@link #named}, or a defect.
   *
   * @param what was to be done, after "Cannot"
   * @return the failure itself if it is one of ours, or {@link ErrorCode#INTERNAL} with its text
   */
  public static DicmException explained(String what, Throwable failure) {
    return failure instanceof DicmException known
        ? known
        : named(what, failure)
            .orElseGet(
                () ->
                    new DicmException(
                        ErrorCode.INTERNAL, "Cannot " + what + ": " + failure, failure));
  }

  /**
   * A failure in words, if it is one of a GPU.
   *
   * @param what was to be done, after "Cannot"
   * @return what libtorch says: {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} where the memory is used
   *     up, as it would be again, otherwise {@link ErrorCode#GPU_FAILED}; or nothing
   */
  public static Optional<DicmException> named(String what, Throwable failure) {
    Matcher said = SAID.matcher(String.valueOf(failure.getMessage()));
    if (!(failure instanceof RuntimeException) || !said.find()) {
      return Optional.empty();
    }
    boolean isMemory = MEMORY.matcher(said.group()).find();
    ErrorCode code = isMemory ? ErrorCode.MEMORY_PLAN_TOO_LARGE : ErrorCode.GPU_FAILED;
    String advice =
        isMemory
            ? "Use smaller batches, or vectors of half precision, or a larger GPU."
            : "The node's kernel log and nvidia-smi have more.";
    return Optional.of(
        new DicmException(
            code, "Cannot %s: %s. %s".formatted(what, said.group(), advice), failure));
  }
}
