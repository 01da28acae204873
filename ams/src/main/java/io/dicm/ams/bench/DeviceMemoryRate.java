package io.dicm.ams.bench;

import io.dicm.feature.device.ComputeDevice;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The bandwidth of a device's own memory: one tensor is copied into another, both larger than any
 * cache. For one thread; nothing else should compute there meanwhile. How many threads copy on the
 * processor is libtorch's setting; see {@link MemoryRate} for the processor alone.
 */
public final class DeviceMemoryRate {
  private static final int WARM_UP = 2;
  private static final int MEASURED = 7;

  private final ComputeDevice device;
  private final long bytes;

  /**
   * @param bytes of each of the two tensors
   */
  public DeviceMemoryRate(ComputeDevice device, long bytes) {
    this.device = device;
    this.bytes = bytes;
  }

  /**
   * The median of a few copies, 10^9 bytes a second; a byte that is copied counts twice, as read
   * and as written.
   */
  public double measure() {
    try (PointerScope scope = new PointerScope()) {
      Tensor source = device.zeros(ScalarType.Float, bytes / Float.BYTES);
      Tensor target = device.zeros(ScalarType.Float, bytes / Float.BYTES);
      double[] rates = new double[MEASURED];
      for (int i = -WARM_UP; i < MEASURED; i++) {
        device.synchronize();
        long start = System.nanoTime();
        target.copy_(source);
        device.synchronize();
        double rate = 2.0 * bytes / (System.nanoTime() - start);
        if (i >= 0) {
          rates[i] = rate;
        }
      }
      Arrays.sort(rates);
      return rates[MEASURED / 2];
    }
  }
}
