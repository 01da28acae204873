package io.dicm.ams;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;

/**
 * What work leaves behind outside the heap, seen in the memory of the process: no counter of
 * tensors' memory is kept where the collector of references is off.
 */
public final class NativeMemory {
  /** Far more than what other threads or a growing heap add meanwhile. */
  private static final long SEEN_BYTES = 192L << 20;

  private static final int WARM_UP_RUNS = 10;

  private NativeMemory() {}

  /**
   * Has work done again and again, so often that what it might leave would be seen.
   *
   * @param leftBytes what would be left each time
   */
  public static void assertNothingIsLeft(long leftBytes, Runnable work) {
    for (int i = 0; i < WARM_UP_RUNS; i++) {
      work.run();
    }
    long before = Pointer.physicalBytes();
    for (long left = 0; left < SEEN_BYTES; left += leftBytes) {
      work.run();
    }
    assertThat(Pointer.physicalBytes() - before).isLessThan(SEEN_BYTES / 2);
  }
}
