package io.dicm.app.bench;

import io.dicm.ams.bench.GemmRate;
import io.dicm.ams.bench.LoopbackRate;
import io.dicm.ams.bench.MemoryRate;

/** What this machine does at most, measured when it is asked; nothing else should compute then. */
public final class MachineLimits {
  private static final int IMAGES = 4096;
  private static final int DIMENSION = 4096;
  private static final long MEMORY_BYTES = 256L << 20;
  private static final long LOOPBACK_BYTES = 512L << 20;
  private static final long LOOPBACK_TIMEOUT_MS = 60_000;

  /** Unit of {@link #matrixRate}. */
  public static final String MATRIX_UNIT = "GFLOP/s";

  /** Unit of the bandwidths. */
  public static final String BANDWIDTH_UNIT = "GB/s";

  /** Single-precision matrix products of the sub-model's first layer, {@link #MATRIX_UNIT}. */
  public double matrixRate(int threads) {
    return GemmRate.median(IMAGES, DIMENSION, threads);
  }

  /** Memory that is copied by all processors, read and written, {@link #BANDWIDTH_UNIT}. */
  public double memoryBandwidth() {
    return new MemoryRate(MEMORY_BYTES, Runtime.getRuntime().availableProcessors()).measure();
  }

  /** One connection over 127.0.0.1, one direction, {@link #BANDWIDTH_UNIT}. */
  public double loopbackBandwidth() throws InterruptedException {
    return new LoopbackRate(LOOPBACK_BYTES, LOOPBACK_TIMEOUT_MS).measure();
  }
}
