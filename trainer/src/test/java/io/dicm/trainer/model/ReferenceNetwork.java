package io.dicm.trainer.model;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * DICM written down from the paper's formulas with loops, in double precision, over samples and
 * tables by key: no batch, no de-duplication, no tensors. Slow; to check the fast network against.
 *
 * @param ids ID embeddings by key
 * @param adCodes ad codes by image key
 * @param behaviorCodes behaviour codes by image key
 * @param dense parameters by name, row-major
 * @param histograms how many behaviours are in each tier, by impression
 */
record ReferenceNetwork(
    NetworkShape shape,
    Map<Long, double[]> ids,
    Map<Long, double[]> adCodes,
    Map<Long, double[]> behaviorCodes,
    Map<String, double[]> dense,
    Map<Impression, int[]> histograms) {

  /** Sum of all impressions' cross-entropies. */
  double loss(List<Sample> samples) {
    double sum = 0;
    for (Sample sample : samples) {
      for (Impression impression : sample.impressions()) {
        double[] z = logits(sample, impression);
        sum -= z[impression.label()] - Math.log(Math.exp(z[0]) + Math.exp(z[1]));
      }
    }
    return sum;
  }

  double probability(Sample sample, Impression impression) {
    double[] z = logits(sample, impression);
    return Math.exp(z[1]) / (Math.exp(z[0]) + Math.exp(z[1]));
  }

  double[] logits(Sample sample, Impression impression) {
    List<double[]> inputs = new ArrayList<>();
    for (long[] values : sample.userKeys()) {
      inputs.add(mean(values));
    }
    for (long[] values : sample.behaviors().idKeys()) {
      inputs.add(mean(values));
    }
    for (long[] values : impression.itemKeys()) {
      inputs.add(mean(values));
    }
    for (long[] values : impression.contextKeys()) {
      inputs.add(mean(values));
    }
    double[] adCode = code(adCodes, impression.imageKey());
    if (shape.images() == ImageMode.AD || shape.images() == ImageMode.JOINT) {
      inputs.add(adCode);
    }
    if (shape.images() == ImageMode.BEHAVIOR || shape.images() == ImageMode.JOINT) {
      inputs.add(pooled(sample.behaviors(), impression, adCode));
      if (shape.aggregation().kind().countsTiers()) {
        inputs.add(Arrays.stream(histograms.get(impression)).mapToDouble(Math::log1p).toArray());
      }
    }
    return perceptron("mlp", concatenated(inputs), 3);
  }

  private double[] pooled(Behaviors behaviors, Impression impression, double[] adCode) {
    return switch (shape.aggregation().kind()) {
      case CONCAT -> sideBySide(behaviors);
      case MAX -> inEachDimension(behaviors, Math::max);
      case SUM -> inEachDimension(behaviors, Double::sum);
      case ATTENTIVE -> attention("attention.image", behaviors, adCode);
      case SIMTIER -> new double[0];
      case MULTI_QUERY, MULTI_QUERY_SIMTIER -> {
        double[] byImage = attention("attention.image", behaviors, adCode);
        List<double[]> query = new ArrayList<>();
        for (int field : shape.queryFields()) {
          query.add(mean(impression.itemKeys()[field]));
        }
        yield query.isEmpty()
            ? byImage
            : concatenated(
                List.of(byImage, attention("attention.id", behaviors, concatenated(query))));
      }
    };
  }

  private double[] sideBySide(Behaviors behaviors) {
    int width = shape.codeDimension();
    double[] sideBySide = new double[shape.aggregation().concatBehaviors() * width];
    int place = 0;
    for (int i = behaviors.imageKeys().length - 1; i >= 0; i--) {
      long key = behaviors.imageKeys()[i];
      if (key != Fingerprints.NONE && place < shape.aggregation().concatBehaviors()) {
        System.arraycopy(behaviorCodes.get(key), 0, sideBySide, place++ * width, width);
      }
    }
    return sideBySide;
  }

  private double[] inEachDimension(Behaviors behaviors, DoubleBinaryOperator operator) {
    double[] result = null;
    for (long key : behaviors.imageKeys()) {
      if (key != Fingerprints.NONE) {
        double[] v = behaviorCodes.get(key);
        if (result == null) {
          result = v.clone();
        } else {
          for (int d = 0; d < v.length; d++) {
            result[d] = operator.applyAsDouble(result[d], v[d]);
          }
        }
      }
    }
    return result == null ? new double[shape.codeDimension()] : result;
  }

  private double[] attention(String name, Behaviors behaviors, double[] query) {
    double[] pooled = new double[shape.codeDimension()];
    for (long imageKey : behaviors.imageKeys()) {
      double[] v = code(behaviorCodes, imageKey);
      double weight = perceptron(name, concatenated(List.of(v, query)), 3)[0];
      for (int d = 0; d < pooled.length; d++) {
        pooled[d] += weight * v[d];
      }
    }
    return pooled;
  }

  private double[] perceptron(String name, double[] input, int layers) {
    double[] x = input;
    for (int layer = 0; layer < layers; layer++) {
      double[] weight = dense.get(name + "." + layer + ".weight");
      double[] bias = dense.get(name + "." + layer + ".bias");
      double[] out = new double[bias.length];
      for (int o = 0; o < out.length; o++) {
        out[o] = bias[o];
        for (int i = 0; i < x.length; i++) {
          out[o] += weight[o * x.length + i] * x[i];
        }
      }
      if (layer < layers - 1) {
        double slope = dense.get(name + "." + layer + ".slope")[0];
        for (int o = 0; o < out.length; o++) {
          out[o] = out[o] > 0 ? out[o] : slope * out[o];
        }
      }
      x = out;
    }
    return x;
  }

  private double[] mean(long[] keys) {
    double[] sum = new double[shape.embeddingDimension()];
    int count = 0;
    for (long key : keys) {
      if (key != Fingerprints.NONE) {
        double[] row = ids.get(key);
        for (int d = 0; d < sum.length; d++) {
          sum[d] += row[d];
        }
        count++;
      }
    }
    for (int d = 0; d < sum.length; d++) {
      sum[d] /= Math.max(1, count);
    }
    return sum;
  }

  private double[] code(Map<Long, double[]> codes, long imageKey) {
    return imageKey == Fingerprints.NONE ? new double[shape.codeDimension()] : codes.get(imageKey);
  }

  private static double[] concatenated(List<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}
