package io.dicm.feature.job;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * The Java heap of the process that publishes a snapshot, the application master: it holds the
 * store's index and what the job finds out about each image.
 *
 * @param knownImages images in the store's index
 * @param unknownImages images that the job is to look at
 */
record IndexMemory(long knownImages, long unknownImages) {
  /** Names, digest and place of an image in the index, about. */
  private static final long KNOWN_BYTES = 400;

  /** The same, the image's file, and that the job met it, about. */
  private static final long UNKNOWN_BYTES = 590;

  /** Classes, Hadoop's clients and the job's counters: an assumption, not a measurement. */
  private static final long PROCESS_MB = 64;

  private static final long BYTES_OF_MIB = 1 << 20;

  /** MiB of heap, about. */
  long neededMb() {
    long bytes = KNOWN_BYTES * knownImages + UNKNOWN_BYTES * unknownImages;
    return PROCESS_MB + (bytes + BYTES_OF_MIB - 1) / BYTES_OF_MIB;
  }

  /**
   * Refuses a heap that would be too small when the job is done, hours later.
   *
   * @param heapBytes of this process, at most
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE}
   */
  void requireFits(long heapBytes) {
    if (neededMb() > heapBytes / BYTES_OF_MIB) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot extract images: the application master needs about "
              + neededMb()
              + " MiB of heap for "
              + knownImages
              + " images that the store knows and "
              + unknownImages
              + " that are new, its heap is "
              + heapBytes / BYTES_OF_MIB
              + " MiB. Raise "
              + DicmKeys.YARN_MASTER_MEMORY_MB
              + ", of which "
              + DicmKeys.YARN_HEAP_FRACTION
              + " is heap.");
    }
  }
}
