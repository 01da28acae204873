package io.dicm.ams.tier;

/**
 * The scalar product of two vectors, always added up in one order: the same bits on every machine
 * and beside whatever other vectors, which a library's matrix product does not promise. Products
 * are added in lanes side by side, since the compiler makes vector instructions of such a loop
 * alone; not safe for use by many threads.
 */
final class DotProduct {
  private static final int MOST_LANES = 512;

  /** Where lanes are added up as doubles: few enough that their order costs nothing. */
  private static final int LAST_LANES = 8;

  private final int dimension;
  private final float[] lanes;

  DotProduct(int dimension) {
    this.dimension = dimension;
    this.lanes = new float[Math.min(MOST_LANES, Integer.highestOneBit(dimension))];
  }

  /** The product of two vectors of the dimension. */
  float of(float[] a, float[] b) {
    int width = lanes.length;
    for (int lane = 0; lane < width; lane++) {
      lanes[lane] = a[lane] * b[lane];
    }
    int from = width;
    for (; from + width <= dimension; from += width) {
      for (int lane = 0; lane < width; lane++) {
        lanes[lane] += a[from + lane] * b[from + lane];
      }
    }
    for (int lane = 0; from + lane < dimension; lane++) {
      lanes[lane] += a[from + lane] * b[from + lane];
    }
    return sum();
  }

  private float sum() {
    int width = lanes.length;
    while (width > LAST_LANES) {
      width /= 2;
      for (int lane = 0; lane < width; lane++) {
        lanes[lane] += lanes[lane + width];
      }
    }
    double sum = 0;
    for (int lane = 0; lane < width; lane++) {
      sum += lanes[lane];
    }
    return (float) sum;
  }
}
