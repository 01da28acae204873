package io.dicm.trainer.model;

import io.dicm.trainer.network.ForwardPass;
import io.dicm.trainer.network.Objective;
import io.dicm.trainer.network.Parameters;
import io.dicm.trainer.network.StepContext;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One pass over a batch for training: {@link NetworkGraph} with the derivatives of all poolings by
 * hand, since libtorch's go back row by row. Only the ID network between pooled inputs and scores
 * is differentiated automatically, by whoever calls {@code backward} on a loss of the scores. Lives
 * in the pointer scope it was made in. For one thread.
 */
final class TrainingPass {
  private final NetworkShape shape;
  private final NetworkTables tables;
  private final PreparedIndices indices;
  private final PooledIds ids;
  private final PooledIds.Leaves leaves;
  private final Aggregator.Pass behaviors;
  private final Tensor images;
  private final ForwardPass forward;
  private final Tensor logits;

  /** Goes forward. */
  TrainingPass(
      NetworkGraph graph,
      NetworkTables tables,
      PreparedIndices indices,
      Parameters parameters,
      StepContext step) {
    this.shape = graph.shape();
    this.tables = tables;
    this.indices = indices;
    boolean alone = step.objective() == Objective.IMAGE_BRANCH;
    this.ids = alone ? null : new PooledIds(shape, tables, indices);
    try (NoGradGuard noGradients = new NoGradGuard()) {
      this.leaves = alone ? null : PooledIds.Leaves.of(ids);
      Tensor ad = NetworkGraph.adCodes(shape, tables, indices);
      this.behaviors =
          shape.images().poolsBehaviors()
              ? graph
                  .aggregator()
                  .begin(
                      new Aggregator.BehaviorCodes(tables.behaviorCodes(), indices),
                      new Aggregator.Queries(ad, alone ? noIds() : idQuery()),
                      parameters)
              : null;
      this.images = PooledIds.Leaves.leaf(images(ad));
    }
    this.forward = ForwardPass.training(parameters, step);
    this.logits = graph.logits(ids, leaves, images, forward, step.objective());
  }

  /**
   * What a batch gives back.
   *
   * @param tables of the unique rows, laid out as they are; null for what had no use
   * @param parameters of the aggregator's parameters by name; the ID network's are in their tensors
   */
  record Gradients(NetworkTables tables, Map<String, Tensor> parameters) {}

  /** Scores of "no click" and "click", [impressions, 2]. */
  Tensor logits() {
    return logits;
  }

  /** What is to be added to the sum of the impressions' losses, or null. */
  Tensor auxiliaryLoss() {
    return forward.auxiliaryLoss();
  }

  /** The batch's means of statistics, by the names of their parameters. */
  Map<String, Tensor> statistics() {
    return forward.statistics();
  }

  /** Goes on back to the unique rows, after {@code backward} of a loss of the scores; once. */
  Gradients backward() {
    try (NoGradGuard noGradients = new NoGradGuard()) {
      Aggregator.Gradients pooled = behaviors == null ? null : backwardBehaviors();
      return new Gradients(
          new NetworkTables(
              leaves == null ? null : idGradient(pooled),
              shape.needsAdCodes() ? adGradient(pooled) : null,
              pooled == null ? null : pooled.codes()),
          pooled == null ? Map.of() : pooled.parameters());
    }
  }

  private Tensor idQuery() {
    return NetworkGraph.idQuery(shape, leaves.impression());
  }

  /** What attention is asked with where the image path trains alone. */
  private Tensor noIds() {
    return shape.idQueryWidth() == 0
        ? null
        : tables.adCodes().new_zeros(indices.indices().impressions(), shape.idQueryWidth());
  }

  private Tensor images(Tensor ad) {
    if (behaviors == null) {
      return ad;
    }
    return tables.imageInputs(shape.images().concatenatesAd() ? ad : null, behaviors.output());
  }

  private Aggregator.Gradients backwardBehaviors() {
    long ads = shape.images().concatenatesAd() ? shape.codeDimension() : 0;
    return behaviors.backward(imageGradient().narrow(1, ads, images.size(1) - ads - shape.tiers()));
  }

  /** Zeros where nothing of the loss came from pictures, as in a pre-training of IDs alone. */
  private Tensor imageGradient() {
    return gradientOf(images);
  }

  /** The shown pictures' codes are an input, a query of the attention, or both. */
  private Tensor adGradient(Aggregator.Gradients pooled) {
    Tensor input =
        shape.images().concatenatesAd()
            ? imageGradient().narrow(1, 0, shape.codeDimension()).contiguous()
            : null;
    Tensor query = pooled == null ? null : pooled.queries().image();
    Tensor both = input == null ? query : query == null ? input : query.add_(input);
    return indices
        .gradients(indices.indices().adImages(), (int) tables.adCodes().size(0))
        .ofSum(both);
  }

  private Tensor idGradient(Aggregator.Gradients pooled) {
    PooledIds.Leaves gradients =
        new PooledIds.Leaves(
            gradientOf(leaves.sample()),
            gradientOf(leaves.impression()),
            gradientOf(leaves.crosses()),
            gradientOf(leaves.behaviors()),
            gradientOf(leaves.drawn()));
    if (pooled != null && pooled.queries().id() != null) {
      addToQueryFields(gradients.impression(), pooled.queries().id());
    }
    return ids.gradient(gradients);
  }

  private void addToQueryFields(Tensor ofImpressions, Tensor ofQuery) {
    int dimension = shape.embeddingDimension();
    for (int i = 0; i < shape.queryFields().size(); i++) {
      ofImpressions
          .select(1, shape.queryFields().get(i))
          .narrow(1, 0, dimension)
          .add_(ofQuery.narrow(1, (long) i * dimension, dimension));
    }
  }

  private static Tensor gradientOf(Tensor leaf) {
    if (leaf == null) {
      return null;
    }
    Tensor gradient = leaf.grad();
    return gradient.defined() ? gradient.contiguous() : torch.zeros_like(leaf);
  }
}
