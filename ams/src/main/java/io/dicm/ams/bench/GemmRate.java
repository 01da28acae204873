package io.dicm.ams.bench;

import io.dicm.ams.compute.NativeThreads;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The machine's own rate of single-precision matrix products, which a step is measured against:
 * [images, dimension] x [dimension, 256], the shape of the sub-model's first layer. For one thread.
 */
public final class GemmRate implements AutoCloseable {
  private static final int OUTPUTS = 256;
  private static final int WARM_UP = 3;
  private static final int MEASURED = 7;
  private static final double GIGA = 1e9;

  private final int images;
  private final int dimension;
  private final int threads;
  private final Tensor left;
  private final Tensor right;
  private final Tensor product;

  /**
   * Makes the matrices.
   *
   * @param images rows of the left matrix
   * @param dimension its columns
   * @param threads of the product
   */
  public GemmRate(int images, int dimension, int threads) {
    this.images = images;
    this.dimension = dimension;
    this.threads = threads;
    try (PointerScope scope = new PointerScope()) {
      left = torch.rand(images, dimension);
      right = torch.rand(dimension, OUTPUTS);
      product = torch.empty(images, OUTPUTS);
      left.retainReference();
      right.retainReference();
      product.retainReference();
    }
  }

  /** The median of a few products, 10^9 operations a second. */
  public static double median(int images, int dimension, int threads) {
    try (GemmRate rate = new GemmRate(images, dimension, threads)) {
      for (int i = 0; i < WARM_UP; i++) {
        rate.measureOnce();
      }
      double[] rates = new double[MEASURED];
      Arrays.setAll(rates, i -> rate.measureOnce());
      Arrays.sort(rates);
      return rates[MEASURED / 2];
    }
  }

  /** Multiplies once; gives 10^9 operations a second. Nobody else may use OpenBLAS meanwhile. */
  public double measureOnce() {
    NativeThreads.use(threads);
    try {
      long start = System.nanoTime();
      torch.mm_out(product, left, right);
      return 2.0 * images * dimension * OUTPUTS / GIGA / ((System.nanoTime() - start) / GIGA);
    } finally {
      NativeThreads.use(1);
    }
  }

  @Override
  public void close() {
    left.close();
    right.close();
    product.close();
  }
}
