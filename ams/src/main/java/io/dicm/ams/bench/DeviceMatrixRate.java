package io.dicm.ams.bench;

import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
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
  private static final double NANOS = 1e9;

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
    multiply(2);
  }

  /** Drawn on the device: a large batch's vectors would take the processor many seconds. */
  private Tensor random(ScalarType type, long rows, long columns) {
    return device.empty(ScalarType.Float, rows, columns).normal_().to(type).retainReference();
  }

  /** Multiplies some times; gives 10^9 operations a second. */
  public double measure() {
    double operations = 2.0 * left.size(0) * left.size(1) * OUTPUTS * PRODUCTS;
    long start = System.nanoTime();
    multiply(PRODUCTS);
    return operations / NANOS / ((System.nanoTime() - start) / NANOS);
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
