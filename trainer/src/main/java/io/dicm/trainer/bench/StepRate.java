package io.dicm.trainer.bench;

import java.util.Arrays;

/**
 * How fast steps were.
 *
 * @param samplesPerSecond impressions of the measured steps by their time, waiting included
 * @param stepMs median time of a step, ms
 * @param pictureReferences mean references of a batch to behaviour pictures
 * @param differentPictures mean different pictures of a batch, those shown and those of behaviours
 *     counted each, as each goes through a network of its own
 */
public record StepRate(
    double samplesPerSecond, double stepMs, double pictureReferences, double differentPictures) {
  /** Of the moments, ns, when the last warm-up step and then each measured one ended. */
  static StepRate of(long[] ends, long impressions, BatchShape shape) {
    double[] times = new double[ends.length - 1];
    for (int i = 0; i < times.length; i++) {
      times[i] = (ends[i + 1] - ends[i]) / 1e6;
    }
    Arrays.sort(times);
    double seconds = (ends[ends.length - 1] - ends[0]) / 1e9;
    return new StepRate(
        impressions / seconds, times[times.length / 2], shape.references(), shape.different());
  }
}
