package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Turns one log odds of a click into the two scores that all networks give. */
final class ClickScores {
  private ClickScores() {}

  /** softmax([0, z]) is sigmoid(z): [impressions, 1] to [impressions, 2]. */
  static Tensor ofLogOdds(Tensor z) {
    return IdInputs.join(torch.zeros_like(z), z);
  }
}
