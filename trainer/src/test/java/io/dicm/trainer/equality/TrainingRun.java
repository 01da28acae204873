package io.dicm.trainer.equality;

import io.dicm.trainer.train.TrainingCurve;
import io.dicm.trainer.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of a training.
 *
 * @param losses mean loss of each step over all workers, nats
 * @param parameters values by tensor, an ID embedding each
 */
record TrainingRun(List<Double> losses, Map<String, float[]> parameters) {
  /** Each step's mean loss over all workers' impressions. */
  static List<Double> losses(List<TrainingResult> results) {
    List<Double> losses = new ArrayList<>();
    int steps = results.get(0).curve().points().size();
    for (int step = 0; step < steps; step++) {
      double sum = 0;
      long count = 0;
      for (TrainingResult result : results) {
        List<TrainingCurve.Point> points = result.curve().points();
        long before = step == 0 ? 0 : points.get(step - 1).impressions();
        long impressions = points.get(step).impressions() - before;
        sum += points.get(step).loss() * impressions;
        count += impressions;
      }
      losses.add(sum / count);
    }
    return losses;
  }
}
