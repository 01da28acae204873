package io.dicm.trainer.model;

import io.dicm.trainer.network.Parameters;
import org.bytedeco.pytorch.Tensor;

/** The channels of attention over one batch's behaviours, which differ in what asks. */
interface AttentionChannels {
  /**
   * Goes forward through a channel.
   *
   * @param name prefix of its parameters
   * @param query [impressions, query width]
   */
  AttentionChannelPass begin(String name, Tensor query, Parameters parameters);
}
