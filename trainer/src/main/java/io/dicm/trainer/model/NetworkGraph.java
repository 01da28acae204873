package io.dicm.trainer.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The network's formula: from tables, indices and parameters to scores. Works on tensors of any
 * floating-point type. Immutable; every tensor belongs to the caller's pointer scope.
 */
final class NetworkGraph {
  private final NetworkShape shape;
  private final Aggregator aggregator;
  private final IdNetwork idNetwork;
  private final ParameterSet parameterSet = new ParameterSet();

  NetworkGraph(NetworkShape shape) {
    this.shape = shape;
    this.aggregator = shape.aggregation().aggregator(shape);
    this.idNetwork = new EmbeddingMlp(shape, imageWidth());
    if (shape.images().poolsBehaviors()) {
      aggregator.declare(parameterSet);
    }
    idNetwork.declare(parameterSet);
  }

  ParameterSet parameterSet() {
    return parameterSet;
  }

  /** Scores of "no click" and "click", [impressions, 2]. */
  Tensor logits(NetworkTables tables, NetworkIndices indices, Parameters parameters) {
    IdNetwork.PooledIds ids =
        new IdNetwork.PooledIds(
            sampleIds(tables, indices),
            pooled(tables.ids(), indices.impressionIds(), indices.impressions()));
    return idNetwork.logits(ids, images(tables, indices, ids, parameters), parameters);
  }

  /** The same pass for training, on float32 tensors without gradients of their own. */
  TrainingPass begin(NetworkTables tables, NetworkIndices indices, Parameters parameters) {
    return new TrainingPass(shape, aggregator, idNetwork, tables, indices, parameters);
  }

  /** The weights of the behaviours, for a network that pools them. */
  List<Aggregator.Weights> attention(
      NetworkTables tables, NetworkIndices indices, Parameters parameters) {
    Tensor impressions = pooled(tables.ids(), indices.impressionIds(), indices.impressions());
    return aggregator.attention(
        new Aggregator.BehaviorCodes(
            tables.behaviorCodes(), new TensorBags(indices.behaviorImages())),
        new Aggregator.Queries(
            new TensorBags(indices.adImages()).sum(tables.adCodes()), idQuery(shape, impressions)),
        parameters);
  }

  private int imageWidth() {
    return (shape.images().concatenatesAd() ? shape.codeDimension() : 0)
        + (shape.images().poolsBehaviors() ? aggregator.outputWidth() + shape.tiers() : 0);
  }

  /** Pooled once a sample, then given to each of its impressions. */
  private Tensor sampleIds(NetworkTables tables, NetworkIndices indices) {
    if (shape.sampleBags() == 0) {
      return null;
    }
    Tensor bySample = pooled(tables.ids(), indices.sampleIds(), indices.samples());
    return torch.embedding(bySample, TensorBags.indices(indices.sampleOfImpression()));
  }

  /** The mean of each bag, the bags of one of {@code rows} side by side. */
  static Tensor pooled(Tensor table, Bags bags, int rows) {
    return new TensorBags(bags).mean(table).reshape(rows, -1);
  }

  private Tensor images(
      NetworkTables tables,
      NetworkIndices indices,
      IdNetwork.PooledIds ids,
      Parameters parameters) {
    Tensor ad =
        shape.needsAdCodes() ? new TensorBags(indices.adImages()).sum(tables.adCodes()) : null;
    if (!shape.images().poolsBehaviors()) {
      return ad;
    }
    Tensor behaviors =
        aggregator.aggregate(
            new Aggregator.BehaviorCodes(
                tables.behaviorCodes(), new TensorBags(indices.behaviorImages())),
            new Aggregator.Queries(ad, idQuery(shape, ids.impression())),
            parameters);
    return tables.imageInputs(shape.images().concatenatesAd() ? ad : null, behaviors);
  }

  /** The query fields' columns of the pooled item fields; null without query fields. */
  static Tensor idQuery(NetworkShape shape, Tensor impressionIds) {
    if (shape.queryFields().isEmpty()) {
      return null;
    }
    TensorVector parts = new TensorVector();
    for (int field : shape.queryFields()) {
      int dimension = shape.embeddingDimension();
      parts.push_back(impressionIds.narrow(1, (long) field * dimension, dimension));
    }
    return torch.cat(parts, 1);
  }
}
