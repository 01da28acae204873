package io.dicm.ams.memory;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes outside the Java heap one purpose may take, and how many it takes: what asks for
 * more is refused in words, where otherwise YARN would kill the container. Safe for use by many
 * threads.
 */
public final class MemoryBudget {
  private final String purpose;
  private final String advice;
  private final AtomicLong limitBytes;
  private final AtomicLong takenBytes = new AtomicLong();

  /**
   * @param purpose what the memory is for, as a sentence names it: "the ID embeddings of server 3"
   * @param advice a sentence on what to do when it is too little
   * @param limitBytes most bytes
   */
  public MemoryBudget(String purpose, String advice, long limitBytes) {
    this.purpose = purpose;
    this.advice = advice;
    this.limitBytes = new AtomicLong(limitBytes);
  }

  /** Allows {@code bytes} more, 0 or more; {@link Long#MAX_VALUE} is the end. */
  public void extend(long bytes) {
    limitBytes.updateAndGet(
        limit -> limit > Long.MAX_VALUE - bytes ? Long.MAX_VALUE : limit + bytes);
  }

  /** Bytes taken now. */
  public long takenBytes() {
    return takenBytes.get();
  }

  /**
   * Takes bytes.
   *
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} naming what is needed and what is
   *     allowed
   */
  public void take(long bytes) {
    long taken = takenBytes.addAndGet(bytes);
    long limit = limitBytes.get();
    if (taken > limit) {
      takenBytes.addAndGet(-bytes);
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot hold "
              + purpose
              + ": they need "
              + taken
              + " bytes, allowed "
              + limit
              + ". "
              + advice);
    }
  }

  /** Gives bytes back that were taken. */
  public void giveBack(long bytes) {
    takenBytes.addAndGet(-bytes);
  }
}
