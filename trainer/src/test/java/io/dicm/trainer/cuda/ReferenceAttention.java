package io.dicm.trainer.cuda;

import java.util.Random;

/**
 * A channel of attention in double precision, pair by pair, from the formula: w = w2 PReLU(W1
 * PReLU(c + q) + b1) + b2, pooled = sum of w v.
 */
final class ReferenceAttention {
  static final int FIRST = 64;
  static final int SECOND = 16;

  final int[] behaviorOfPair;
  final int[] begins;
  final int codeWidth;
  final double[][] ofCodes;
  final double[][] ofQueries;
  final double[][] codes;
  final double[][] ofOutput;
  final double[][] w1 = new double[SECOND][FIRST];
  final double[] b1 = new double[SECOND];
  final double[] w2 = new double[SECOND];
  final double[] b2 = new double[1];
  final double[] firstSlope = {0.25};
  final double[] secondSlope = {0.125};

  /** Random values, each a float. */
  ReferenceAttention(
      int[] behaviorOfPair, int[] begins, int behaviors, int codeWidth, Random random) {
    this.behaviorOfPair = behaviorOfPair;
    this.begins = begins;
    this.codeWidth = codeWidth;
    this.ofCodes = fill(new double[behaviors][FIRST], random);
    this.ofQueries = fill(new double[begins.length][FIRST], random);
    this.codes = fill(new double[behaviors][codeWidth], random);
    this.ofOutput = fill(new double[begins.length][codeWidth], random);
    fill(w1, random);
    fill(new double[][] {b1, w2, b2}, random);
  }

  private static double[][] fill(double[][] table, Random random) {
    for (double[] row : table) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) (0.5 * random.nextGaussian());
      }
    }
    return table;
  }

  /** Values of a pass, or gradients. */
  static final class Result {
    final double[] weights;
    final double[][] pooled;
    final double[][] ofCodes;
    final double[][] ofQueries;
    final double[][] codes;
    final double[][] w1 = new double[SECOND][FIRST];
    final double[] b1 = new double[SECOND];
    final double[] w2 = new double[SECOND];
    final double[] b2 = new double[1];
    final double[] firstSlope = new double[1];
    final double[] secondSlope = new double[1];

    /** Sums of the terms' magnitudes of what is one sum over all pairs, where signs cancel. */
    double b2Magnitude;

    double firstSlopeMagnitude;
    double secondSlopeMagnitude;

    private Result(int pairs, int impressions, int behaviors, int codeWidth) {
      weights = new double[pairs];
      pooled = new double[impressions][codeWidth];
      ofCodes = new double[behaviors][FIRST];
      ofQueries = new double[impressions][FIRST];
      codes = new double[behaviors][codeWidth];
    }
  }

  private int end(int impression) {
    return impression + 1 < begins.length ? begins[impression + 1] : behaviorOfPair.length;
  }

  /** The sum of all outputs, each times {@link #ofOutput}: what the gradients are of. */
  double loss() {
    Result result = run();
    double loss = 0;
    for (int impression = 0; impression < begins.length; impression++) {
      for (int column = 0; column < codeWidth; column++) {
        loss += result.pooled[impression][column] * ofOutput[impression][column];
      }
    }
    return loss;
  }

  /** Outputs, and gradients of {@link #loss}. */
  Result run() {
    Result result = new Result(behaviorOfPair.length, begins.length, ofCodes.length, codeWidth);
    for (int impression = 0; impression < begins.length; impression++) {
      for (int pair = begins[impression]; pair < end(impression); pair++) {
        add(pair, impression, result);
      }
    }
    return result;
  }

  private void add(int pair, int impression, Result result) {
    int behavior = behaviorOfPair[pair];
    double[] x = new double[FIRST];
    double[] h = new double[FIRST];
    for (int k = 0; k < FIRST; k++) {
      x[k] = ofCodes[behavior][k] + ofQueries[impression][k];
      h[k] = x[k] > 0 ? x[k] : firstSlope[0] * x[k];
    }
    double weight = b2[0];
    double[] y = new double[SECOND];
    double[] g = new double[SECOND];
    for (int j = 0; j < SECOND; j++) {
      y[j] = b1[j];
      for (int k = 0; k < FIRST; k++) {
        y[j] += w1[j][k] * h[k];
      }
      g[j] = y[j] > 0 ? y[j] : secondSlope[0] * y[j];
      weight += w2[j] * g[j];
    }
    result.weights[pair] = weight;

    double ofWeight = 0;
    for (int column = 0; column < codeWidth; column++) {
      result.pooled[impression][column] += weight * codes[behavior][column];
      ofWeight += ofOutput[impression][column] * codes[behavior][column];
      result.codes[behavior][column] += weight * ofOutput[impression][column];
    }
    result.b2[0] += ofWeight;
    result.b2Magnitude += Math.abs(ofWeight);
    double[] ofH = new double[FIRST];
    for (int j = 0; j < SECOND; j++) {
      result.w2[j] += ofWeight * g[j];
      double ofG = ofWeight * w2[j];
      double ofSecondSlope = y[j] > 0 ? 0 : ofG * y[j];
      result.secondSlope[0] += ofSecondSlope;
      result.secondSlopeMagnitude += Math.abs(ofSecondSlope);
      double ofY = y[j] > 0 ? ofG : secondSlope[0] * ofG;
      result.b1[j] += ofY;
      for (int k = 0; k < FIRST; k++) {
        result.w1[j][k] += ofY * h[k];
        ofH[k] += ofY * w1[j][k];
      }
    }
    for (int k = 0; k < FIRST; k++) {
      double ofFirstSlope = x[k] > 0 ? 0 : ofH[k] * x[k];
      result.firstSlope[0] += ofFirstSlope;
      result.firstSlopeMagnitude += Math.abs(ofFirstSlope);
      double ofX = x[k] > 0 ? ofH[k] : firstSlope[0] * ofH[k];
      result.ofCodes[behavior][k] += ofX;
      result.ofQueries[impression][k] += ofX;
    }
  }
}
