package io.dicm.trainer.bench;

import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.ComputeDevice;
import java.util.List;

/**
 * How far a device's losses are from the processor's over the same steps in the same arithmetic.
 *
 * @param kernels of our own that the device's steps used
 * @param steps that were compared
 * @param largestDifference of two losses, as a fraction of the processor's
 * @param lastLoss the processor's
 */
public record DeviceAgreement(
    StepKernels kernels, int steps, double largestDifference, double lastLoss) {
  /**
   * Trains twice.
   *
   * @param plan of the device; all its steps count
   */
  public static DeviceAgreement of(LargeStepPlan plan, ProgressListener progress) {
    return of(plan, false, progress);
  }

  /**
   * Trains twice.
   *
   * @param plan of the device; all its steps count
   * @param requiresKernels as {@link LargeStepBenchmark} has it
   */
  static DeviceAgreement of(
      LargeStepPlan plan, boolean requiresKernels, ProgressListener progress) {
    LargeStepMeasurement there = new LargeStepBenchmark(plan, requiresKernels).run(progress);
    List<Double> here =
        new LargeStepBenchmark(plan.on(ComputeDevice.PROCESSOR)).run(progress).losses();
    return of(there.kernels(), there.losses(), here);
  }

  /**
   * Compares.
   *
   * @param kernels of our own that the device's steps used
   * @param there losses by step on the device
   * @param here as many on the processor
   */
  static DeviceAgreement of(StepKernels kernels, List<Double> there, List<Double> here) {
    double largest = 0;
    for (int step = 0; step < here.size(); step++) {
      double difference = Math.abs(there.get(step) - here.get(step)) / Math.abs(here.get(step));
      // A loss that is no number is as far away as can be.
      largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return new DeviceAgreement(kernels, here.size(), largest, here.get(here.size() - 1));
  }
}
