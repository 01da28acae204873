package io.dicm.trainer.model;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** A forward pass of one {@link AttentivePooling} that can go back once, by hand. */
interface AttentionChannelPass {
  /** [impressions, code width]. */
  Tensor output();

  /**
   * Goes back.
   *
   * @param gradient of {@link #output()}, of its shape
   */
  Gradients backward(Tensor gradient);

  /**
   * What a channel gives back, in tensors that nobody else has.
   *
   * @param codes gradient of the unique behaviour codes
   * @param query gradient of the query
   * @param parameters by name
   */
  record Gradients(Tensor codes, Tensor query, Map<String, Tensor> parameters) {}
}
