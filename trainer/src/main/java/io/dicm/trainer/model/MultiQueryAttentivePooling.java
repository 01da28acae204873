package io.dicm.trainer.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Two attention channels with weights of their own, one asked by the shown item's picture, one by
 * its ID embeddings; their results side by side (arXiv 1711.06505, section 4.2). Without query
 * fields there is the picture's channel only.
 */
final class MultiQueryAttentivePooling implements Aggregator {
  private final NetworkShape shape;
  private final AttentivePooling byImage;
  private final AttentivePooling byId;

  MultiQueryAttentivePooling(NetworkShape shape) {
    this.shape = shape;
    this.byImage =
        new AttentivePooling("attention.image", shape.codeDimension(), shape.codeDimension());
    this.byId = new AttentivePooling("attention.id", shape.codeDimension(), shape.idQueryWidth());
  }

  @Override
  public int outputWidth() {
    return hasIdQuery() ? 2 * shape.codeDimension() : shape.codeDimension();
  }

  @Override
  public void declare(ParameterSet set) {
    byImage.declare(set);
    if (hasIdQuery()) {
      byId.declare(set);
    }
  }

  @Override
  public Tensor aggregate(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    Tensor gathered = behaviors.bags().gather(behaviors.codes());
    Tensor image = byImage.pool(behaviors, gathered, queries.image(), parameters);
    if (!hasIdQuery()) {
      return image;
    }
    Tensor id = byId.pool(behaviors, gathered, queries.id(), parameters);
    return torch.cat(new TensorVector(image, id), 1);
  }

  private boolean hasIdQuery() {
    return shape.idQueryWidth() > 0;
  }
}
