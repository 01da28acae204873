package io.dicm.it;

import java.util.List;

/** Metrics by their definitions, of pairs of a probability and a label. */
final class PlainMetrics {
  private PlainMetrics() {}

  /** The share of (click, no click) pairs in the right order, ties half: the definition itself. */
  static double areaUnderCurve(List<double[]> predictions) {
    double right = 0;
    double pairs = 0;
    for (double[] click : predictions) {
      for (double[] other : predictions) {
        if (click[1] == 1 && other[1] == 0) {
          pairs++;
          right += click[0] > other[0] ? 1 : click[0] == other[0] ? 0.5 : 0;
        }
      }
    }
    return right / pairs;
  }

  static double logLoss(List<double[]> predictions) {
    double sum = 0;
    for (double[] prediction : predictions) {
      sum -= Math.log(prediction[1] == 1 ? prediction[0] : 1 - prediction[0]);
    }
    return sum / predictions.size();
  }
}
