package io.dicm.trainer.train;

import io.dicm.trainer.model.StepOutcome;
import io.dicm.trainer.sample.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * AUC and GAUC of the training impressions by the scores that they had before their step's update
 * (progressive validation). Impressions are gathered in windows of whole steps; a window ends with
 * the step that makes it long enough, or with its epoch. Its values are exact over its impressions,
 * so memory is that of one window: no more than {@value #MOST_IN_WINDOW} impressions and one step.
 * When there are too many windows, two neighbours at a time become one stretch of weighted means.
 * For one thread.
 */
final class ProgressiveMetrics {
  private static final int LEAST_IN_WINDOW = 1024;
  private static final int MOST_IN_WINDOW = 32_768;
  private static final int WINDOWS = 100;
  private static final int MOST_STRETCHES = 256;

  /** Sums over the windows of a stretch; weights are impressions. */
  private record Stretch(
      long step,
      int epoch,
      long impressions,
      double aucSum,
      long aucWeight,
      double gaucSum,
      long gaucWeight) {
    Stretch joined(Stretch later) {
      return new Stretch(
          later.step,
          later.epoch,
          impressions + later.impressions,
          aucSum + later.aucSum,
          aucWeight + later.aucWeight,
          gaucSum + later.gaucSum,
          gaucWeight + later.gaucWeight);
    }

    TrainingCurve.Progressive point() {
      return new TrainingCurve.Progressive(
          step, epoch, impressions, mean(aucSum, aucWeight), mean(gaucSum, gaucWeight), gaucWeight);
    }

    private static Double mean(double sum, long weight) {
      return weight == 0 ? null : sum / weight;
    }
  }

  private final int windowImpressions;
  private final List<Stretch> stretches = new ArrayList<>();
  private ScoredWindow window = new ScoredWindow();
  private int windowsAStretch = 1;
  private int windowsInOpen;
  private Stretch open;
  private long lastStep;
  private int lastEpoch;

  /**
   * @param windowImpressions impressions after which a window ends with its step
   */
  ProgressiveMetrics(int windowImpressions) {
    this.windowImpressions = windowImpressions;
  }

  /**
   * About a hundred windows over the training, within limits.
   *
   * @param expected impressions over all epochs; 0 when unknown
   */
  static ProgressiveMetrics forImpressions(long expected) {
    return new ProgressiveMetrics(
        (int) Math.max(LEAST_IN_WINDOW, Math.min(MOST_IN_WINDOW, expected / WINDOWS)));
  }

  /**
   * Adds a step.
   *
   * @param step steps made with this one
   */
  void add(long step, int epoch, Batch batch, StepOutcome outcome) {
    if (epoch != lastEpoch) {
      closeWindow();
    }
    lastStep = step;
    lastEpoch = epoch;
    int next = 0;
    for (Sample sample : batch.samples()) {
      int user = window.numberOf(sample.userId());
      for (int i = 0; i < sample.impressions().size(); i++) {
        window.add(user, outcome.clickProbabilities()[next], batch.labels()[next] == 1);
        next++;
      }
    }
    if (window.impressions() >= windowImpressions) {
      closeWindow();
    }
  }

  /** The stretches so far, one of what is open included. */
  List<TrainingCurve.Progressive> points() {
    closeWindow();
    List<TrainingCurve.Progressive> points = new ArrayList<>();
    stretches.forEach(stretch -> points.add(stretch.point()));
    if (open != null) {
      points.add(open.point());
    }
    return points;
  }

  /** The stretch that ended last; nothing before the first. */
  Optional<TrainingCurve.Progressive> latest() {
    return stretches.isEmpty()
        ? Optional.empty()
        : Optional.of(stretches.get(stretches.size() - 1).point());
  }

  private void closeWindow() {
    if (window.impressions() == 0) {
      return;
    }
    ScoredWindow.Ranking all = window.auc();
    ScoredWindow.Ranking byUser = window.gauc();
    Stretch closed =
        new Stretch(
            lastStep,
            lastEpoch,
            window.impressions(),
            all.weightedSum(),
            all.weight(),
            byUser.weightedSum(),
            byUser.weight());
    window = new ScoredWindow();
    open = open == null ? closed : open.joined(closed);
    if (++windowsInOpen == windowsAStretch) {
      closeStretch();
    }
  }

  private void closeStretch() {
    stretches.add(open);
    open = null;
    windowsInOpen = 0;
    if (stretches.size() == MOST_STRETCHES) {
      List<Stretch> halved = new ArrayList<>();
      for (int i = 0; i + 1 < stretches.size(); i += 2) {
        halved.add(stretches.get(i).joined(stretches.get(i + 1)));
      }
      stretches.clear();
      stretches.addAll(halved);
      windowsAStretch *= 2;
    }
  }
}
