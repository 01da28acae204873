package io.dicm.trainer.model;

import io.dicm.trainer.network.ParameterSet;
import io.dicm.trainer.network.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Two attention channels with weights of their own, one asked by the shown item's picture, one by
 * its ID embeddings; their results side by side (arXiv 1711.06505, section 4.2).
 */
final class MultiQueryAttentivePooling implements Aggregator {
  private final NetworkShape shape;
  private final AttentivePooling byImage;
  private final AttentivePooling byId;

  /**
   * @param shape with a query field or more
   */
  MultiQueryAttentivePooling(NetworkShape shape) {
    this.shape = shape;
    this.byImage = AttentivePooling.byImage(shape.codeDimension());
    this.byId = new AttentivePooling("attention.id", shape.codeDimension(), shape.idQueryWidth());
  }

  @Override
  public int outputWidth() {
    return 2 * shape.codeDimension();
  }

  @Override
  public void declare(ParameterSet set) {
    byImage.declare(set);
    byId.declare(set);
  }

  @Override
  public Tensor aggregate(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    Tensor gathered = behaviors.bags().gather(behaviors.codes());
    Tensor impressions = behaviors.indices().impressionOfEntry();
    Tensor image = byImage.pool(behaviors, gathered, impressions, queries.image(), parameters);
    Tensor id = byId.pool(behaviors, gathered, impressions, queries.id(), parameters);
    return torch.cat(new TensorVector(image, id), 1);
  }

  @Override
  public List<Weights> attention(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    Tensor gathered = behaviors.bags().gather(behaviors.codes());
    Tensor impressions = behaviors.indices().impressionOfEntry();
    return List.of(
        new Weights("image", byImage.weights(gathered, impressions, queries.image(), parameters)),
        new Weights("id", byId.weights(gathered, impressions, queries.id(), parameters)));
  }

  @Override
  public Pass begin(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    AttentionChannels channels = behaviors.attention();
    return new TwoChannels(
        byImage.begin(channels, queries.image(), parameters),
        byId.begin(channels, queries.id(), parameters));
  }

  private record TwoChannels(AttentionChannelPass image, AttentionChannelPass id) implements Pass {
    @Override
    public Tensor output() {
      return torch.cat(new TensorVector(image.output(), id.output()), 1);
    }

    @Override
    public Gradients backward(Tensor gradient) {
      long width = gradient.size(1) / 2;
      AttentionChannelPass.Gradients ofImage =
          image.backward(gradient.narrow(1, 0, width).contiguous());
      AttentionChannelPass.Gradients ofId =
          id.backward(gradient.narrow(1, width, width).contiguous());
      Map<String, Tensor> parameters = new LinkedHashMap<>(ofImage.parameters());
      parameters.putAll(ofId.parameters());
      return new Gradients(
          ofImage.codes().add_(ofId.codes()),
          new Queries(ofImage.query(), ofId.query()),
          parameters);
    }
  }
}
