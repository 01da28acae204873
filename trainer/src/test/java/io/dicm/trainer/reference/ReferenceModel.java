package io.dicm.trainer.reference;

import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.TrainedState;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * DICM from image vectors and IDs to the loss, and all gradients back, impression by impression.
 * For one thread.
 */
final class ReferenceModel {
  private final NetworkShape shape;
  private final ReferenceInitialValues initial;
  private final ReferenceVectors vectors;
  private final ReferenceParameters parameters = new ReferenceParameters();
  private final ReferencePerceptron mlp = ReferencePerceptron.ofWorker("mlp");
  private final ReferencePerceptron byImage = ReferencePerceptron.ofWorker("attention.image");
  private final ReferencePerceptron byId = ReferencePerceptron.ofWorker("attention.id");
  private final ReferencePerceptron adNetwork;
  private final ReferencePerceptron behaviorNetwork;
  private final List<String> denseNames;

  /**
   * @param shared one sub-model network for ad and behaviour images instead of two
   */
  ReferenceModel(NetworkShape shape, FeatureSnapshot snapshot, boolean shared, long seed) {
    this.shape = shape;
    this.vectors = new ReferenceVectors(snapshot);
    this.initial = new ReferenceInitialValues(seed);
    this.adNetwork = ReferencePerceptron.ofSubModel(shared ? "shared" : "ad");
    this.behaviorNetwork = shared ? adNetwork : ReferencePerceptron.ofSubModel("behavior");
    initial.addDense(parameters, new DicmNetwork(shape).layout());
    this.denseNames = List.copyOf(parameters.values().keySet());
    for (String network : shared ? List.of("shared") : List.of("ad", "behavior")) {
      initial.addNetwork(parameters, network, snapshot.dimension());
    }
  }

  ReferenceParameters parameters() {
    return parameters;
  }

  /** The parameters of the worker's network. */
  List<String> denseNames() {
    return denseNames;
  }

  /** The sum of all impressions' softmax cross-entropies, nats. */
  double loss(List<Sample> samples) {
    double sum = 0;
    for (Sample sample : samples) {
      for (Impression impression : sample.impressions()) {
        double[] z = mlp.forward(parameters, inputs(sample, impression).value());
        sum += logSum(z) - z[impression.label()];
      }
    }
    return sum;
  }

  /** Adds the gradients of {@link #loss}. */
  void backward(List<Sample> samples) {
    for (Sample sample : samples) {
      for (Impression impression : sample.impressions()) {
        ReferenceInput inputs = inputs(sample, impression);
        double[] z = mlp.forward(parameters, inputs.value());
        double logSum = logSum(z);
        double[] gradient = new double[z.length];
        for (int c = 0; c < z.length; c++) {
          gradient[c] = Math.exp(z[c] - logSum) - (c == impression.label() ? 1 : 0);
        }
        inputs.backward(mlp.backward(parameters, inputs.value(), gradient));
      }
    }
  }

  private static double logSum(double[] z) {
    return Math.log(Math.exp(z[0]) + Math.exp(z[1]));
  }

  private ReferenceInput inputs(Sample sample, Impression impression) {
    List<ReferenceInput> inputs = new ArrayList<>();
    for (long[][] side :
        List.of(
            sample.userKeys(),
            sample.behaviors().idKeys(),
            impression.itemKeys(),
            impression.contextKeys())) {
      for (long[] values : side) {
        inputs.add(mean(values));
      }
    }
    if (shape.images() != ImageMode.NONE) {
      addImages(inputs, sample, impression);
    }
    return new ReferenceInput.Concatenation(inputs);
  }

  private void addImages(List<ReferenceInput> inputs, Sample sample, Impression impression) {
    ReferenceInput ad = code(adNetwork, impression.imageKey());
    if (shape.images() != ImageMode.BEHAVIOR) {
      inputs.add(ad);
    }
    if (shape.images() == ImageMode.AD) {
      return;
    }
    List<ReferenceInput> codes =
        Arrays.stream(sample.behaviors().imageKeys())
            .filter(key -> key != Fingerprints.NONE)
            .mapToObj(key -> code(behaviorNetwork, key))
            .toList();
    int width = shape.codeDimension();
    switch (shape.aggregation().kind()) {
      case CONCAT ->
          inputs.add(
              new ReferenceInput.Latest(codes, shape.aggregation().concatBehaviors(), width));
      case MAX -> inputs.add(new ReferenceInput.Maximum(codes, width));
      case SUM -> inputs.add(new ReferenceInput.Sum(codes, width));
      case ATTENTIVE -> inputs.add(attention(byImage, codes, ad));
      case MULTI_QUERY -> {
        inputs.add(attention(byImage, codes, ad));
        if (!shape.queryFields().isEmpty()) {
          inputs.add(attention(byId, codes, idQuery(impression)));
        }
      }
      case SIMTIER, MULTI_QUERY_SIMTIER ->
          throw new IllegalArgumentException("Histograms are checked by io.dicm.trainer.model");
    }
  }

  private ReferenceInput idQuery(Impression impression) {
    return new ReferenceInput.Concatenation(
        shape.queryFields().stream().map(field -> mean(impression.itemKeys()[field])).toList());
  }

  private ReferenceInput attention(
      ReferencePerceptron weigher, List<ReferenceInput> codes, ReferenceInput query) {
    return new ReferenceInput.Attention(parameters, weigher, codes, query, shape.codeDimension());
  }

  private ReferenceInput code(ReferencePerceptron network, long imageKey) {
    return imageKey == Fingerprints.NONE
        ? new ReferenceInput.NoCode(shape.codeDimension())
        : ReferenceInput.Code.of(parameters, network, vectors.scaled(imageKey));
  }

  private ReferenceInput mean(long[] keys) {
    List<String> rows = new ArrayList<>();
    for (long key : keys) {
      if (key != Fingerprints.NONE) {
        String row = TrainedState.embedding(key);
        if (!parameters.has(row)) {
          parameters.put(row, initial.embedding(key, shape.embeddingDimension()));
        }
        rows.add(row);
      }
    }
    return new ReferenceInput.MeanOfIds(parameters, rows, shape.embeddingDimension());
  }
}
