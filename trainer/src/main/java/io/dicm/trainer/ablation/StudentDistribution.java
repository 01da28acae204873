package io.dicm.trainer.ablation;

/**
 * Student's t distribution, for intervals with few seeds.
 *
 * @param degreesOfFreedom 1 or more
 */
record StudentDistribution(int degreesOfFreedom) {
  private static final int PIECES = 2_000;
  private static final int BISECTIONS = 60;

  StudentDistribution {
    if (degreesOfFreedom < 1) {
      throw new IllegalArgumentException("Degrees of freedom were " + degreesOfFreedom);
    }
  }

  /**
   * The t whose interval from -t to t has this probability.
   *
   * <p>With t = sqrt(n) tan(a) the density is proportional to cos(a)^(n-1), which is integrated by
   * Simpson's rule; no gamma function is needed since the whole integral divides it.
   *
   * @param probability above 0 and below 1
   */
  double twoSidedQuantile(double probability) {
    double wanted = probability * integral(Math.PI / 2);
    double low = 0;
    double high = Math.PI / 2;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (integral(middle) < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.sqrt(degreesOfFreedom) * Math.tan(low);
  }

  private double integral(double to) {
    double width = to / PIECES;
    double sum = density(0) + density(to);
    for (int i = 1; i < PIECES; i++) {
      sum += (i % 2 == 1 ? 4 : 2) * density(i * width);
    }
    return sum * width / 3;
  }

  private double density(double angle) {
    return Math.pow(Math.max(0, Math.cos(angle)), degreesOfFreedom - 1);
  }
}
