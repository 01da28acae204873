package io.dicm.trainer.model;

import io.dicm.trainer.network.ParameterSet;
import io.dicm.trainer.network.Parameters;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * One attention channel, asked by the shown item's picture (AttentivePooling of arXiv 1711.06505,
 * section 4.2).
 */
final class ImageAttention implements Aggregator {
  private final int codeWidth;
  private final AttentivePooling byImage;

  ImageAttention(int codeWidth) {
    this.codeWidth = codeWidth;
    this.byImage = AttentivePooling.byImage(codeWidth);
  }

  @Override
  public int outputWidth() {
    return codeWidth;
  }

  @Override
  public void declare(ParameterSet set) {
    byImage.declare(set);
  }

  @Override
  public Tensor aggregate(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    Tensor gathered = behaviors.bags().gather(behaviors.codes());
    Tensor impressions = behaviors.indices().impressionOfEntry();
    return byImage.pool(behaviors, gathered, impressions, queries.image(), parameters);
  }

  @Override
  public List<Weights> attention(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    Tensor gathered = behaviors.bags().gather(behaviors.codes());
    Tensor impressions = behaviors.indices().impressionOfEntry();
    return List.of(
        new Weights("image", byImage.weights(gathered, impressions, queries.image(), parameters)));
  }

  @Override
  public Pass begin(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return new Channel(byImage.begin(behaviors.attention(), queries.image(), parameters));
  }

  private record Channel(AttentionChannelPass image) implements Pass {
    @Override
    public Tensor output() {
      return image.output();
    }

    @Override
    public Gradients backward(Tensor gradient) {
      AttentionChannelPass.Gradients back = image.backward(gradient);
      return new Gradients(back.codes(), new Queries(back.query(), null), back.parameters());
    }
  }
}
