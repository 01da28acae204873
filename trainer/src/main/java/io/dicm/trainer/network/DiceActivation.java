package io.dicm.trainer.network;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Dice, the data adaptive rectifier f(s) = p s + (1 - p) a s with p = sigmoid((s - E[s]) /
 * sqrt(Var[s] + 1e-8)) (arXiv 1706.06978). Each unit has its own slope a, from 0 on: it begins as a
 * rectifier with a soft, moving threshold, and the other side is learned.
 *
 * <p>In training E and Var (divided by the number of rows) are the batch's, and the derivative goes
 * through them, as it does in a batch normalisation; one row is its own mean, so p is 1/2. In
 * inference they come from running means of s and of its square, which begin as a standard normal
 * distribution has them.
 *
 * @param name prefix of its parameters
 * @param width units
 */
record DiceActivation(String name, int width) implements ActivationLayer {
  private static final double EPSILON = 1e-8;
  private static final double NO_MOMENTUM = 0;

  @Override
  public void declare(ParameterSet set) {
    set.declareStatistic(name + ".mean", 0, width);
    set.declareStatistic(name + ".mean_square", 1, width);
    set.declare(name + ".slope", new Initial.Constant(0), width);
  }

  @Override
  public Tensor apply(Tensor x, ForwardPass pass) {
    Tensor normalized = pass.isTraining() ? byBatch(x, pass) : byStatistics(x, pass);
    // In place: nothing else goes back through the values before.
    Tensor p = normalized.sigmoid_();
    Tensor slope = pass.parameter(name + ".slope");
    return p.mul(torch.rsub(slope, new Scalar(1f))).add_(slope).mul(x);
  }

  private Tensor byBatch(Tensor x, ForwardPass pass) {
    T_TensorTensorTensor_T normalized =
        torch.native_batch_norm(
            x,
            new TensorOptional(),
            new TensorOptional(),
            new TensorOptional(),
            new TensorOptional(),
            true,
            NO_MOMENTUM,
            EPSILON);
    Tensor mean = normalized.get1().detach();
    Tensor inverseDeviation = normalized.get2().detach();
    Tensor variance =
        torch
            .pow(inverseDeviation, new Scalar(-2f))
            .sub(new Scalar(EPSILON))
            .clamp_min_(new Scalar(0f));
    pass.statistic(name + ".mean", mean);
    pass.statistic(name + ".mean_square", variance.add_(mean.square()));
    return normalized.get0();
  }

  private Tensor byStatistics(Tensor x, ForwardPass pass) {
    Tensor mean = pass.parameter(name + ".mean");
    Tensor variance =
        pass.parameter(name + ".mean_square").sub(mean.square()).clamp_min(new Scalar(0f));
    return x.sub(mean).mul(torch.rsqrt(variance.add(new Scalar(EPSILON))));
  }
}
