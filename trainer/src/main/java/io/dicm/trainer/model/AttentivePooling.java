package io.dicm.trainer.model;

import io.dicm.trainer.network.ParameterSet;
import io.dicm.trainer.network.Parameters;
import io.dicm.trainer.network.Perceptron;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * One attention channel: w_i = FC1(PReLU(FC16(PReLU(FC64([v_i ; q]))))), result sum_i w_i v_i,
 * without softmax (arXiv 1711.06505, section 4.2).
 */
final class AttentivePooling {
  private static final int FIRST = 64;
  private static final int SECOND = 16;

  private final String name;
  private final Perceptron weigher;

  /**
   * @param name prefix of the parameters
   * @param codeWidth width of v
   * @param queryWidth width of q
   */
  AttentivePooling(String name, int codeWidth, int queryWidth) {
    this.name = name;
    this.weigher = new Perceptron(name, codeWidth + queryWidth, FIRST, SECOND, 1);
  }

  /** The channel that the shown item's picture asks. */
  static AttentivePooling byImage(int codeWidth) {
    return new AttentivePooling("attention.image", codeWidth, codeWidth);
  }

  void declare(ParameterSet set) {
    weigher.declare(set);
  }

  /**
   * One pass.
   *
   * @param gathered the code of each bag entry, [r, code width]
   * @param impressionOfEntry the impression of each bag entry, [r]
   * @param query [impressions, query width]
   * @return [impressions, code width]
   */
  Tensor pool(
      Aggregator.BehaviorCodes behaviors,
      Tensor gathered,
      Tensor impressionOfEntry,
      Tensor query,
      Parameters parameters) {
    return behaviors
        .bags()
        .weightedSum(behaviors.codes(), weights(gathered, impressionOfEntry, query, parameters));
  }

  /** The weight of each bag entry, [r]; parameters as of {@link #pool}. */
  Tensor weights(Tensor gathered, Tensor impressionOfEntry, Tensor query, Parameters parameters) {
    Tensor queries = torch.embedding(query, impressionOfEntry);
    return weigher.apply(torch.cat(new TensorVector(gathered, queries), 1), parameters).reshape(-1);
  }

  /**
   * The same pass for training, with derivatives by hand.
   *
   * @param channels over the batch's behaviours
   * @param query [impressions, query width]
   */
  AttentionChannelPass begin(AttentionChannels channels, Tensor query, Parameters parameters) {
    return channels.begin(name, query, parameters);
  }
}
