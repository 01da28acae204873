package io.dicm.feature.job;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.encode.EncoderProvider;
import io.dicm.feature.source.MapHeap;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * How a map task's container is shared out, MiB.
 *
 * @param heap the Java heap
 * @param directMb Java's direct buffers: a batch of pictures and what Hadoop's clients need
 * @param nativeMb the network and libtorch, about
 */
record MapMemory(MapHeap heap, int directMb, int nativeMb) {
  /** For Hadoop's clients and for channels. */
  private static final int OTHER_DIRECT_MB = 32;

  private static final long BYTES_OF_MIB = 1 << 20;

  /** The memory that the settings and the encoder ask for. */
  static MapMemory of(Configuration conf, ExtractSettings settings, EncoderProvider encoder)
      throws IOException {
    long batchBytes = Math.multiplyExact(encoder.pictureBytes(conf), settings.batchSize());
    return new MapMemory(
        MapHeap.of(settings.mapMemoryMb()),
        Math.toIntExact((batchBytes + BYTES_OF_MIB - 1) / BYTES_OF_MIB) + OTHER_DIRECT_MB,
        encoder.nativeMemoryMb(conf, settings.batchSize()));
  }

  /** What a map task needs, about. */
  int neededMb() {
    return heap.totalMb() + directMb + nativeMb;
  }

  /**
   * Refuses containers that are too small for the network and a batch: YARN would kill them, one
   * attempt after the other.
   *
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE}
   */
  void requireFits(ExtractSettings settings) {
    if (neededMb() > settings.mapMemoryMb()) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot extract images: a map task with "
              + DicmKeys.EXTRACT_BATCH_SIZE
              + "="
              + settings.batchSize()
              + " needs about "
              + neededMb()
              + " MiB, "
              + DicmKeys.EXTRACT_MAP_MEMORY_MB
              + " is "
              + settings.mapMemoryMb()
              + ". Make the batches smaller or the containers larger.");
    }
  }
}
