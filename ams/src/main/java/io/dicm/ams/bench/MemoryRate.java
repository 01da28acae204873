package io.dicm.ams.bench;

import io.dicm.ams.compute.NativeThreads;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The machine's memory bandwidth: libtorch copies one tensor into another, both larger than any
 * cache. For one thread; nothing else should compute meanwhile.
 */
public final class MemoryRate {
  private static final int WARM_UP = 2;
  private static final int MEASURED = 7;

  private final long bytes;
  private final int threads;

  /**
   * @param bytes of each of the two tensors
   * @param threads that copy
   */
  public MemoryRate(long bytes, int threads) {
    this.bytes = bytes;
    this.threads = threads;
  }

  /**
   * The median of a few copies, 10^9 bytes a second. A byte that is copied counts twice, as read
   * and as written; that a cache may read a line before it is written does not count.
   */
  public double measure() {
    NativeThreads.use(threads);
    try (PointerScope scope = new PointerScope()) {
      Tensor source = torch.ones(bytes / Float.BYTES);
      Tensor target = torch.zeros(bytes / Float.BYTES);
      double[] rates = new double[MEASURED];
      for (int i = -WARM_UP; i < MEASURED; i++) {
        long start = System.nanoTime();
        target.copy_(source);
        double rate = 2.0 * bytes / (System.nanoTime() - start);
        if (i >= 0) {
          rates[i] = rate;
        }
      }
      Arrays.sort(rates);
      return rates[MEASURED / 2];
    } finally {
      NativeThreads.use(1);
    }
  }
}
