package io.dicm.trainer.model;

import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * One pass over a batch for training: {@link NetworkGraph} with the derivatives of all poolings by
 * hand, since libtorch's go back row by row. Only the ID network between pooled inputs and scores
 * is differentiated automatically, by whoever calls {@code backward} on a loss of the scores. Lives
 * in the pointer scope it was made in. For one thread.
 */
final class TrainingPass {
  private final NetworkShape shape;
  private final NetworkTables tables;
  private final NetworkIndices indices;
  private final Bags sampleOfImpression;
  private final Tensor samples;
  private final Tensor impressions;
  private final Aggregator.Pass behaviors;
  private final Tensor images;
  private final Tensor logits;

  /** Goes forward. */
  TrainingPass(
      NetworkShape shape,
      Aggregator aggregator,
      IdNetwork idNetwork,
      NetworkTables tables,
      NetworkIndices indices,
      Parameters parameters) {
    this.shape = shape;
    this.tables = tables;
    this.indices = indices;
    this.sampleOfImpression = singles(indices.sampleOfImpression());
    try (NoGradGuard noGradients = new NoGradGuard()) {
      this.samples = leaf(sampleIds());
      this.impressions =
          leaf(NetworkGraph.pooled(tables.ids(), indices.impressionIds(), indices.impressions()));
      Tensor ad =
          shape.needsAdCodes() ? new TensorBags(indices.adImages()).sum(tables.adCodes()) : null;
      this.behaviors =
          shape.images().poolsBehaviors()
              ? aggregator.begin(
                  new Aggregator.BehaviorCodes(
                      tables.behaviorCodes(), new TensorBags(indices.behaviorImages())),
                  new Aggregator.Queries(ad, NetworkGraph.idQuery(shape, impressions)),
                  parameters)
              : null;
      this.images = leaf(images(ad));
    }
    this.logits =
        idNetwork.logits(new IdNetwork.PooledIds(samples, impressions), images, parameters);
  }

  /**
   * What a batch gives back.
   *
   * @param tables of the unique rows, laid out as they are; null for pictures without a use
   * @param parameters of the aggregator's parameters by name; the ID network's are in their tensors
   */
  record Gradients(NetworkTables tables, Map<String, Tensor> parameters) {}

  /** Scores of "no click" and "click", [impressions, 2]. */
  Tensor logits() {
    return logits;
  }

  /** Goes on back to the unique rows, after {@code backward} of a loss of the scores; once. */
  Gradients backward() {
    try (NoGradGuard noGradients = new NoGradGuard()) {
      Aggregator.Gradients pooled =
          behaviors == null ? null : behaviors.backward(behaviorGradient());
      return new Gradients(
          new NetworkTables(
              idGradient(pooled),
              shape.needsAdCodes() ? adGradient(pooled) : null,
              pooled == null ? null : pooled.codes()),
          pooled == null ? Map.of() : pooled.parameters());
    }
  }

  /** Pooled once a sample, then given to each of its impressions. */
  private Tensor sampleIds() {
    if (shape.sampleBags() == 0) {
      return null;
    }
    Tensor bySample = NetworkGraph.pooled(tables.ids(), indices.sampleIds(), indices.samples());
    return new TensorBags(sampleOfImpression).gather(bySample);
  }

  private Tensor images(Tensor ad) {
    if (behaviors == null) {
      return ad;
    }
    return tables.imageInputs(shape.images().concatenatesAd() ? ad : null, behaviors.output());
  }

  private Tensor behaviorGradient() {
    long ads = shape.images().concatenatesAd() ? shape.codeDimension() : 0;
    return images.grad().narrow(1, ads, images.size(1) - ads - shape.tiers());
  }

  /** The shown pictures' codes are an input, a query of the attention, or both. */
  private Tensor adGradient(Aggregator.Gradients pooled) {
    Tensor input =
        shape.images().concatenatesAd()
            ? images.grad().narrow(1, 0, shape.codeDimension()).contiguous()
            : null;
    Tensor query = pooled == null ? null : pooled.queries().image();
    Tensor both = input == null ? query : query == null ? input : query.add_(input);
    return new BagGradients(indices.adImages(), (int) tables.adCodes().size(0)).ofSum(both);
  }

  private Tensor idGradient(Aggregator.Gradients pooled) {
    Tensor ofImpressions = impressions.grad().contiguous();
    if (pooled != null && pooled.queries().id() != null) {
      addToQueryFields(ofImpressions, pooled.queries().id());
    }
    Tensor gradient = throughMean(indices.impressionIds(), ofImpressions);
    if (samples == null) {
      return gradient;
    }
    Tensor ofSamples =
        new BagGradients(sampleOfImpression, indices.samples()).ofSum(samples.grad().contiguous());
    return gradient.add_(throughMean(indices.sampleIds(), ofSamples));
  }

  private Tensor throughMean(Bags bags, Tensor gradient) {
    return new BagGradients(bags, (int) tables.ids().size(0))
        .ofMean(gradient.view(bags.count(), shape.embeddingDimension()));
  }

  private void addToQueryFields(Tensor ofImpressions, Tensor ofQuery) {
    int dimension = shape.embeddingDimension();
    for (int i = 0; i < shape.queryFields().size(); i++) {
      ofImpressions
          .narrow(1, (long) shape.queryFields().get(i) * dimension, dimension)
          .add_(ofQuery.narrow(1, (long) i * dimension, dimension));
    }
  }

  private static Tensor leaf(Tensor tensor) {
    return tensor == null ? null : tensor.set_requires_grad(true);
  }

  private static Bags singles(int[] rows) {
    int[] offsets = new int[rows.length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = i;
    }
    return new Bags(rows, offsets);
  }
}
