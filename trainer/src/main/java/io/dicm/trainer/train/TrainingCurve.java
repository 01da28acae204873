package io.dicm.trainer.train;

import java.util.List;

/**
 * How one worker's loss and scores went, as {@code training_curve.json} holds it. Of a training
 * that went on from a checkpoint it holds the steps after that one: what was measured before is
 * lost with the worker that measured it.
 *
 * @param worker whose curve it is
 * @param points by step
 * @param progressive how the scores that steps began with ranked their impressions, by step; empty
 *     in the files of older versions
 */
public record TrainingCurve(int worker, List<Point> points, List<Progressive> progressive) {
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

  /**
   * Progressive validation over a stretch of steps: each impression is scored by the parameters
   * that its step began with, before the step's update. In the first epoch these are scores of
   * impressions never trained on; in later ones the same impressions were trained on before.
   *
   * <p>Pairs are compared within windows of some thousand neighbouring impressions (see {@code
   * ProgressiveMetrics}); of a stretch of several windows the values are means weighted by
   * impressions.
   *
   * @param step steps made at the end of the stretch, those before a checkpoint included
   * @param epoch from 0
   * @param impressions of the stretch
   * @param auc over all pairs of a clicked and an unclicked impression of one window, ties counting
   *     half; null where there was none
   * @param gauc the AUCs of a window's users weighted by their impressions in it; users whose
   *     labels there are all equal are left out; null where all are
   * @param gaucImpressions impressions of the users that are not left out
   */
  public record Progressive(
      long step, int epoch, long impressions, Double auc, Double gauc, long gaucImpressions) {}

  public TrainingCurve {
    points = List.copyOf(points);
    progressive = progressive == null ? List.of() : List.copyOf(progressive);
  }
}
