package io.dicm.app.launch;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * How a container's memory is shared between the Java heap, Java's direct buffers and the rest:
 * metaspace, code, threads and the native tensors.
 *
 * @param totalMb what YARN is asked for
 * @param heapMb {@code -Xmx}
 * @param directMb {@code -XX:MaxDirectMemorySize}
 */
public record ContainerMemory(int totalMb, int heapMb, int directMb) {
  private static final int LEAST_HEAP_MB = 64;
  private static final int LEAST_DIRECT_MB = 32;
  private static final int MOST_DIRECT_MB = 512;

  /** The heap gets {@code heapFraction}; direct buffers a quarter of the rest, 32 to 512 MiB. */
  public static ContainerMemory of(String role, int totalMb, double heapFraction) {
    int heapMb = (int) (totalMb * heapFraction);
    int directMb = Math.max(LEAST_DIRECT_MB, Math.min(MOST_DIRECT_MB, (totalMb - heapMb) / 4));
    if (heapMb < LEAST_HEAP_MB || heapMb + directMb >= totalMb) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot run a %s in %d MiB with heap fraction %s: that is %d MiB of heap, needed at least %d, and %d MiB of direct buffers, which must leave room for native memory."
              .formatted(role, totalMb, heapFraction, heapMb, LEAST_HEAP_MB, directMb));
    }
    return new ContainerMemory(totalMb, heapMb, directMb);
  }

  /** What is left for metaspace, code, threads and native tensors. */
  public int nativeMb() {
    return totalMb - heapMb - directMb;
  }
}
