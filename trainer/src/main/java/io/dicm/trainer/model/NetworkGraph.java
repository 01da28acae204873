package io.dicm.trainer.model;

import io.dicm.trainer.network.ForwardPass;
import io.dicm.trainer.network.IdInputs;
import io.dicm.trainer.network.IdNetwork;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.IdShape;
import io.dicm.trainer.network.Objective;
import io.dicm.trainer.network.ParameterSet;
import io.dicm.trainer.network.Parameters;
import io.dicm.trainer.network.StepContext;
import io.dicm.trainer.network.TowerNetwork;
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
  private final IdShape idShape;
  private final IdNetwork idNetwork;
  private final ImageBranch imageBranch;
  private final ParameterSet parameterSet = new ParameterSet();

  NetworkGraph(NetworkShape shape) {
    this.shape = shape;
    this.aggregator = shape.aggregation().aggregator(shape);
    this.idShape =
        shape.idShape(
            shape.images().concatenatesAd() ? shape.codeDimension() : 0,
            shape.images().poolsBehaviors() ? aggregator.outputWidth() + shape.tiers() : 0);
    this.idNetwork = IdNetworkKind.network(shape.network(), idShape);
    this.imageBranch = shape.imageBranch() ? new ImageBranch(idShape.imageWidth()) : null;
    if (shape.images().poolsBehaviors()) {
      aggregator.declare(parameterSet);
    }
    idNetwork.declare(parameterSet);
    if (imageBranch != null) {
      imageBranch.declare(parameterSet);
    }
  }

  ParameterSet parameterSet() {
    return parameterSet;
  }

  NetworkShape shape() {
    return shape;
  }

  Aggregator aggregator() {
    return aggregator;
  }

  /** Scores of "no click" and "click", [impressions, 2]. */
  Tensor logits(NetworkTables tables, PreparedIndices indices, Parameters parameters) {
    Inputs inputs = inputs(tables, indices, parameters);
    return idNetwork.logits(inputs.ids(), inputs.images(), ForwardPass.inference(parameters));
  }

  /**
   * What a pass of a network with towers gives.
   *
   * @param towers the vectors
   * @param bias a scalar
   * @param logits scores of "no click" and "click", [impressions, 2]
   */
  record TowerPass(TowerNetwork.Towers towers, Tensor bias, Tensor logits) {}

  /** The same pass of a network with towers, with their vectors. */
  TowerPass towers(NetworkTables tables, PreparedIndices indices, Parameters parameters) {
    if (!(idNetwork instanceof TowerNetwork network)) {
      throw new IllegalStateException(shape.network().kind().label() + " has no towers");
    }
    Inputs inputs = inputs(tables, indices, parameters);
    ForwardPass pass = ForwardPass.inference(parameters);
    TowerNetwork.Towers towers = network.towers(inputs.ids(), inputs.images(), pass);
    return new TowerPass(towers, network.bias(pass), network.logits(towers, pass));
  }

  private record Inputs(IdInputs ids, Tensor images) {}

  private Inputs inputs(NetworkTables tables, PreparedIndices indices, Parameters parameters) {
    PooledIds ids = new PooledIds(shape, tables, indices);
    Tensor impression = ids.impression();
    return new Inputs(
        new IdInputs(
            idShape, ids.sampleByImpression(), impression, ids.crosses(), ids.behaviorRows()),
        images(tables, indices, idQuery(shape, impression), parameters));
  }

  /**
   * Scores of a training pass, [impressions, 2].
   *
   * @param ids null when the image path trains alone
   */
  Tensor logits(
      PooledIds ids,
      PooledIds.Leaves leaves,
      Tensor images,
      ForwardPass pass,
      Objective objective) {
    if (objective == Objective.IMAGE_BRANCH) {
      return imageBranch.logits(images, pass);
    }
    return idNetwork.logits(
        new IdInputs(
            idShape,
            leaves.sample(),
            leaves.impression(),
            leaves.crosses(),
            ids.behaviorRows(leaves)),
        images,
        pass);
  }

  /** The same pass for training, on float32 tensors without gradients of their own. */
  TrainingPass begin(
      NetworkTables tables, PreparedIndices indices, Parameters parameters, StepContext step) {
    return new TrainingPass(this, tables, indices, parameters, step);
  }

  /** The weights of the behaviours, for a network that pools them. */
  List<Aggregator.Weights> attention(
      NetworkTables tables, PreparedIndices indices, Parameters parameters) {
    Tensor impression = new PooledIds(shape, tables, indices).impression();
    return aggregator.attention(
        new Aggregator.BehaviorCodes(tables.behaviorCodes(), indices),
        new Aggregator.Queries(
            indices.bags(indices.indices().adImages()).sum(tables.adCodes()),
            idQuery(shape, impression)),
        parameters);
  }

  private Tensor images(
      NetworkTables tables, PreparedIndices indices, Tensor idQuery, Parameters parameters) {
    Tensor ad = adCodes(shape, tables, indices);
    if (!shape.images().poolsBehaviors()) {
      return ad;
    }
    Tensor behaviors =
        aggregator.aggregate(
            new Aggregator.BehaviorCodes(tables.behaviorCodes(), indices),
            new Aggregator.Queries(ad, idQuery),
            parameters);
    return tables.imageInputs(shape.images().concatenatesAd() ? ad : null, behaviors);
  }

  /** Each impression's shown picture, [impressions, code dimension]; null without a use for it. */
  static Tensor adCodes(NetworkShape shape, NetworkTables tables, PreparedIndices indices) {
    return shape.needsAdCodes()
        ? indices.bags(indices.indices().adImages()).sum(tables.adCodes())
        : null;
  }

  /**
   * The query fields' embeddings of the impressions' fields; null without query fields.
   *
   * @param impression [impressions, impression fields, row width]
   */
  static Tensor idQuery(NetworkShape shape, Tensor impression) {
    if (shape.queryFields().isEmpty() || shape.embeddingWidth() == 0) {
      return null;
    }
    TensorVector parts = new TensorVector();
    for (int field : shape.queryFields()) {
      parts.push_back(impression.select(1, field).narrow(1, 0, shape.embeddingDimension()));
    }
    return torch.cat(parts, 1);
  }
}
