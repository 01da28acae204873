package io.dicm.trainer.bench;

import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** An embedding table with Adam on the rows that a step touches, as PyTorch's SparseAdam has it. */
final class PlainEmbeddings {
  private static final double FIRST_DECAY = 0.9;
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;
  private static final double BOUND = 0.05;

  private final double rate;
  private final Tensor values;
  private final Tensor first;
  private final Tensor second;
  private int steps;

  PlainEmbeddings(int rows, int dimension, double rate) {
    this.rate = rate;
    this.values = torch.empty(rows, dimension).uniform_(-BOUND, BOUND, new GeneratorOptional());
    this.first = torch.zeros(rows, dimension);
    this.second = torch.zeros(rows, dimension);
  }

  /** A copy of some rows, to be differentiated. */
  Tensor rows(int[] rows) {
    return values.index_select(0, indices(rows)).set_requires_grad(true);
  }

  /** Moves different rows by their gradient. */
  void update(int[] rows, Tensor gradient) {
    try (NoGradGuard noGradients = new NoGradGuard()) {
      steps++;
      Tensor index = indices(rows).to(torch.ScalarType.Long);
      Tensor m = first.index_select(0, index).lerp_(gradient, new Scalar(1 - FIRST_DECAY));
      Tensor v =
          second.index_select(0, index).lerp_(gradient.square(), new Scalar(1 - SECOND_DECAY));
      first.index_copy_(0, index, m);
      second.index_copy_(0, index, v);
      double size =
          rate * Math.sqrt(1 - Math.pow(SECOND_DECAY, steps)) / (1 - Math.pow(FIRST_DECAY, steps));
      Tensor moved =
          values
              .index_select(0, index)
              .addcdiv_(m, v.sqrt().add_(new Scalar(EPSILON)), new Scalar(-size));
      values.index_copy_(0, index, moved);
    }
  }

  private static Tensor indices(int[] rows) {
    return AbstractTensor.create(rows, rows.length);
  }
}
