package io.dicm.trainer.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Gathers steps into the points of a {@link TrainingCurve}. When there are too many points, two
 * neighbours at a time become one, so that a long training makes no long file. For one thread.
 */
final class CurveRecorder {
  private static final int MAX_POINTS = 512;
  private static final double NANOS = 1e9;
  private static final double KEPT = 0.98;

  /** Sums of a stretch of steps. */
  private record Stretch(
      long step, int epoch, long impressionsSoFar, double lossSum, long impressions, long nanos) {
    Stretch joined(Stretch later) {
      return new Stretch(
          later.step,
          later.epoch,
          later.impressionsSoFar,
          lossSum + later.lossSum,
          impressions + later.impressions,
          nanos + later.nanos);
    }

    TrainingCurve.Point point() {
      return new TrainingCurve.Point(
          step,
          epoch,
          impressionsSoFar,
          lossSum / impressions,
          impressions * NANOS / Math.max(1, nanos));
    }
  }

  private final List<Stretch> stretches = new ArrayList<>();
  private Stretch open;
  private long stepsAStretch = 1;
  private long stepsInOpen;
  private long steps;
  private long impressions;
  private double runningLoss = Double.NaN;

  /** Begins after what was made before a checkpoint; before the first step is added. */
  void startAfter(long stepsBefore, long impressionsBefore) {
    steps = stepsBefore;
    impressions = impressionsBefore;
  }

  /** Adds a step. */
  void add(int epoch, int stepImpressions, double lossSum, long nanos) {
    steps++;
    impressions += stepImpressions;
    double loss = lossSum / stepImpressions;
    runningLoss = Double.isNaN(runningLoss) ? loss : KEPT * runningLoss + (1 - KEPT) * loss;
    Stretch step = new Stretch(steps, epoch, impressions, lossSum, stepImpressions, nanos);
    open = open == null ? step : open.joined(step);
    if (++stepsInOpen == stepsAStretch) {
      closeStretch();
    }
  }

  /** Steps so far, those before a checkpoint included. */
  long steps() {
    return steps;
  }

  /** Impressions so far, those before a checkpoint included. */
  long impressions() {
    return impressions;
  }

  /** Mean loss of the latest hundred steps or so, older ones fading; NaN before the first. */
  double runningLoss() {
    return runningLoss;
  }

  /** The points so far. */
  List<TrainingCurve.Point> points() {
    List<TrainingCurve.Point> points = new ArrayList<>();
    stretches.forEach(stretch -> points.add(stretch.point()));
    if (open != null) {
      points.add(open.point());
    }
    return points;
  }

  private void closeStretch() {
    stretches.add(open);
    open = null;
    stepsInOpen = 0;
    if (stretches.size() == MAX_POINTS) {
      halve();
    }
  }

  private void halve() {
    List<Stretch> halved = new ArrayList<>();
    for (int i = 0; i + 1 < stretches.size(); i += 2) {
      halved.add(stretches.get(i).joined(stretches.get(i + 1)));
    }
    stretches.clear();
    stretches.addAll(halved);
    stepsAStretch *= 2;
  }
}
