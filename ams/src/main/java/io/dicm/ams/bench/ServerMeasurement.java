package io.dicm.ams.bench;

import java.util.Arrays;

/**
 * What a {@link ServerBenchmark} found; times and rates are medians over its steps.
 *
 * @param plan what was run
 * @param gemmGigaflops the machine's rate of single-precision matrix products, 10^9 operations/s
 * @param stepMs a whole step as the worker sees it, ms
 * @param computeMs the server's part of it: gather, forward, backward, update, ms
 * @param computeGigaflops the step's matrix products per time of the server's part
 * @param fractionOfGemm median over the steps of the server's rate by the rate measured just before
 * @param fractionOfCalls median over the steps of the share that is not the server's computing:
 *     network, serialisation, waiting
 * @param bytesPerImage bytes of key, code and gradient of one image in one step
 */
public record ServerMeasurement(
    BenchmarkPlan plan,
    double gemmGigaflops,
    double stepMs,
    double computeMs,
    double computeGigaflops,
    double fractionOfGemm,
    double fractionOfCalls,
    double bytesPerImage) {

  /** Bytes of a raw vector by the bytes that travel for an image. */
  public double savingFactor() {
    return (double) plan.dimension() * Float.BYTES / bytesPerImage;
  }

  /** Reduces the measurements of single steps. */
  static ServerMeasurement of(
      BenchmarkPlan plan,
      double[] gemmRates,
      double[] stepSeconds,
      double[] computeSeconds,
      long bytes) {
    double gigaOperations = new StepWork(plan.imagesPerStep(), plan.dimension()).operations() / 1e9;
    double[] fractions = new double[gemmRates.length];
    double[] calls = new double[gemmRates.length];
    for (int i = 0; i < fractions.length; i++) {
      fractions[i] = gigaOperations / computeSeconds[i] / gemmRates[i];
      calls[i] = (stepSeconds[i] - computeSeconds[i]) / stepSeconds[i];
    }
    return new ServerMeasurement(
        plan,
        median(gemmRates),
        1e3 * median(stepSeconds),
        1e3 * median(computeSeconds),
        gigaOperations / median(computeSeconds),
        median(fractions),
        median(calls),
        (double) bytes / plan.steps() / plan.imagesPerStep());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
