package io.dicm.ams.bench;

import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A device's own rate of matrix products in the shape of the sub-model's first layer, [images,
 * dimension] x [dimension, 256], which a step is measured against. The arithmetic is the process's:
 * {@link Arithmetic#useForProcess}. For one thread.
 */
public final class DeviceMatrixRate implements AutoCloseable {
  private static final int OUTPUTS = 256;
  private static final int PRODUCTS = 10;
  private static final int ROUNDS = 7;

  /** From idle clocks to those of steady work. */
  private static final long WARM_UP_NANOS = 500_000_000L;

  private final ComputeDevice device;
  private final Tensor left;
  private final Tensor right;

  /** Makes the factors, of random values: zeros would be multiplied faster. */
  public DeviceMatrixRate(ComputeDevice device, Arithmetic arithmetic, int images, int dimension) {
    this.device = device;
    ScalarType type = arithmetic == Arithmetic.BFLOAT16 ? ScalarType.BFloat16 : ScalarType.Float;
    try (PointerScope scope = new PointerScope()) {
      left = random(type, images, dimension);
      right = random(type, dimension, OUTPUTS);
    }
  }

  /** Drawn on the device: a large batch's vectors would take the processor many seconds. */
  private Tensor random(ScalarType type, long rows, long columns) {
    return device.empty(ScalarType.Float, rows, columns).normal_().to(type).retainReference();
  }

  /** Multiplies for a while; gives 10^9 operations a second, the median of some rounds. */
  public double measure() {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < WARM_UP_NANOS) {
      multiply(1);
    }
    double operations = 2.0 * left.size(0) * left.size(1) * OUTPUTS * PRODUCTS;
    double[] rates = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      multiply(PRODUCTS);
      rates[round] = operations / (System.nanoTime() - start);
    }
    Arrays.sort(rates);
    return rates[ROUNDS / 2];
  }

  private void multiply(int times) {
    try (PointerScope scope = new PointerScope()) {
      for (int i = 0; i < times; i++) {
        torch.mm(left, right).close();
      }
    }
    device.synchronize();
  }

  @Override
  public void close() {
    left.close();
    right.close();
  }
}
