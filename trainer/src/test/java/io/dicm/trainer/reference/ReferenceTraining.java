package io.dicm.trainer.reference;

import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.TrainedState;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Trains the reference model with Adam, step by step. For one thread. */
public final class ReferenceTraining {
  private final ReferenceModel model;
  private final ReferenceAdam adam;

  /**
   * @param shared one sub-model network for ad and behaviour images instead of two
   * @param seed of all initial values
   */
  public ReferenceTraining(
      NetworkShape shape,
      FeatureSnapshot snapshot,
      boolean shared,
      long seed,
      double learningRate) {
    this.model = new ReferenceModel(shape, snapshot, shared, seed);
    this.adam = new ReferenceAdam(learningRate);
  }

  /**
   * Makes one step by the mean gradient of all impressions.
   *
   * @return their mean loss before it, nats
   */
  public double step(List<Sample> batch) {
    double loss = meanLoss(batch);
    meanGradients(batch)
        .forEach((name, gradient) -> adam.update(name, model.parameters().value(name), gradient));
    return loss;
  }

  /** The mean gradient of all impressions, of each parameter that takes part in the step. */
  public Map<String, double[]> meanGradients(List<Sample> batch) {
    ReferenceParameters parameters = model.parameters();
    parameters.clearGradients();
    // The dense parameters take part in every step, those of unused attention as well.
    model.denseNames().forEach(parameters::touch);
    model.backward(batch);
    Map<String, double[]> gradients = new TreeMap<>();
    for (String name : parameters.touched()) {
      double[] sum = parameters.gradient(name);
      gradients.put(name, Arrays.stream(sum).map(g -> g / impressions(batch)).toArray());
    }
    return gradients;
  }

  /** The mean loss of all impressions, nats. */
  double meanLoss(List<Sample> batch) {
    return model.loss(batch) / impressions(batch);
  }

  private static int impressions(List<Sample> batch) {
    return batch.stream().mapToInt(sample -> sample.impressions().size()).sum();
  }

  /** All parameters by name, an ID embedding each by {@link TrainedState#embedding}. */
  public Map<String, double[]> parameters() {
    return model.parameters().values();
  }
}
