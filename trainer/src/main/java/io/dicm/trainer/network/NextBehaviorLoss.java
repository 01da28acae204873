package io.dicm.trainer.network;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The auxiliary loss of a DIEN, by which a state must tell the behaviour that comes next from an
 * item drawn at random: the mean of -[log s(h_t . e_t+1) + log(1 - s(h_t . e'_t+1))] over all steps
 * that a behaviour follows (arXiv 1809.03672; a mean over steps, not over users, as in the authors'
 * own network, so that its size does not depend on the length of histories).
 */
final class NextBehaviorLoss {
  private NextBehaviorLoss() {}

  /**
   * The loss, a scalar.
   *
   * @param before h_t, [steps, width]
   * @param next the behaviours that follow, [steps, width]
   * @param drawn the items that do not, [steps, width]
   */
  static Tensor of(Tensor before, Tensor next, Tensor drawn) {
    Tensor scores = torch.cat(new TensorVector(dots(before, next), dots(before, drawn).neg()), 0);
    // The mean over both halves is half of what is wanted.
    return torch.mean(torch.log_sigmoid(scores)).mul(new Scalar(-2f));
  }

  private static Tensor dots(Tensor left, Tensor right) {
    return torch.sum(left.mul(right), new long[] {1});
  }
}
