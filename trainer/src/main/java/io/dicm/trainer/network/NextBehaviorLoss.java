package io.dicm.trainer.network;

import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The auxiliary loss of a DIEN, by which a state must tell the behaviour that comes next from
 * another one: the mean of -[log s(h_t . e_t+1) + log(1 - s(h_t . e'_t+1))] over all steps that a
 * behaviour follows (arXiv 1809.03672; a mean over steps, not over users, as in the authors' own
 * network, so that its size does not depend on the length of histories). Others are drawn from all
 * behaviours of the batch, so in proportion to how often they are clicked.
 */
final class NextBehaviorLoss {
  private NextBehaviorLoss() {}

  /**
   * The loss, a scalar.
   *
   * @param before h_t, [steps, width]
   * @param behaviors all behaviours; the last ones are the next behaviours of {@code before},
   *     [behaviors, width]
   * @param random draws the others
   */
  static Tensor of(Tensor before, Tensor behaviors, SplittableRandom random) {
    int count = (int) behaviors.size(0);
    int steps = (int) before.size(0);
    int[] drawn = others(count, count - steps, random);
    Tensor next = behaviors.narrow(0, count - steps, steps);
    Tensor other = new RowIndex(drawn, count).gather(behaviors);
    Tensor scores = torch.cat(new TensorVector(dots(before, next), dots(before, other).neg()), 0);
    // The mean over both halves is half of what is wanted.
    return torch.mean(torch.log_sigmoid(scores)).mul(new Scalar(-2f));
  }

  /**
   * For each row from {@code first} on another row, all equally likely.
   *
   * @param count of rows, at least two
   */
  static int[] others(int count, int first, SplittableRandom random) {
    int[] drawn = new int[count - first];
    for (int i = 0; i < drawn.length; i++) {
      int other = random.nextInt(count - 1);
      drawn[i] = other < first + i ? other : other + 1;
    }
    return drawn;
  }

  private static Tensor dots(Tensor left, Tensor right) {
    return torch.sum(left.mul(right), new long[] {1});
  }
}
