package io.dicm.trainer.train;

import java.util.List;

/**
 * How one worker's loss went, as {@code training_curve.json} holds it. Of a training that went on
 * from a checkpoint it holds the steps after that one: what was measured before is lost with the
 * worker that measured it.
 *
 * @param worker whose curve it is
 * @param points by step
 */
public record TrainingCurve(int worker, List<Point> points) {
  /**
   * A stretch of steps.
   *
   * @param step steps made so far, those before a checkpoint included
   * @param epoch from 0
   * @param impressions the worker's impressions so far, over all epochs
   * @param loss mean softmax cross-entropy of the stretch's impressions, nats
   * @param impressionsPerSecond speed of the stretch, waiting included
   */
  public record Point(
      long step, int epoch, long impressions, double loss, double impressionsPerSecond) {}

  public TrainingCurve {
    points = List.copyOf(points);
  }
}
