package io.dicm.trainer.network;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One pass through an ID network: its parameters, whether it trains, and what layers leave besides
 * their output. Lives in the pointer scope of its tensors. For one thread.
 */
public final class ForwardPass {
  private final Parameters parameters;
  private final boolean training;
  private final Objective objective;
  private final SplittableRandom random;
  private final Map<String, Tensor> statistics = new LinkedHashMap<>();
  private Tensor auxiliaryLoss;

  private ForwardPass(
      Parameters parameters, boolean training, Objective objective, SplittableRandom random) {
    this.parameters = parameters;
    this.training = training;
    this.objective = objective;
    this.random = random;
  }

  /** A pass whose loss goes back. */
  public static ForwardPass training(Parameters parameters, StepContext step) {
    return new ForwardPass(parameters, true, step.objective(), new SplittableRandom(step.seed()));
  }

  /** A pass that scores: nothing is dropped or drawn, and statistics are the servers' ones. */
  public static ForwardPass inference(Parameters parameters) {
    return new ForwardPass(parameters, false, Objective.WHOLE, new SplittableRandom(0));
  }

  /** The parameters, as tensors that may have gradients. */
  public Parameters parameters() {
    return parameters;
  }

  Tensor parameter(String name) {
    return parameters.get(name);
  }

  boolean isTraining() {
    return training;
  }

  Objective objective() {
    return objective;
  }

  /**
   * In training sets values to 0 with the probability {@code rate} and divides the others by 1 -
   * rate (Srivastava et al., JMLR 15, 2014, scaled as usual); else gives x itself.
   */
  Tensor dropout(Tensor x, double rate) {
    if (!training || rate == 0) {
      return x;
    }
    float[] mask = new float[Math.toIntExact(x.numel())];
    float kept = (float) (1 / (1 - rate));
    // 24 bits are a float's; one draw of 64 bits serves two values.
    int least = (int) Math.round(rate * (1 << 24));
    for (int i = 0; i < mask.length; i += 2) {
      long bits = random.nextLong();
      mask[i] = (int) (bits >>> 40) < least ? 0 : kept;
      if (i + 1 < mask.length) {
        mask[i + 1] = (int) (bits & 0xffffff) < least ? 0 : kept;
      }
    }
    Tensor tensor = AbstractTensor.create(mask, mask.length).view(x.sizes());
    Tensor beside = ComputeDevice.beside(tensor, x);
    return x.mul(TensorType.is(x, ScalarType.Float) ? beside : beside.to(TensorType.of(x)));
  }

  /**
   * Leaves a batch's mean of a statistic, of which the servers keep a running mean.
   *
   * @param name of the statistic's parameter
   * @param mean of its shape
   */
  void statistic(String name, Tensor mean) {
    statistics.put(name, mean.detach());
  }

  /** The batch's means by the names of their parameters; empty unless the pass trains. */
  public Map<String, Tensor> statistics() {
    return Map.copyOf(statistics);
  }

  /**
   * Adds to the loss.
   *
   * @param sum over impressions, a scalar
   */
  void addLoss(Tensor sum) {
    auxiliaryLoss = auxiliaryLoss == null ? sum : auxiliaryLoss.add(sum);
  }

  /** What is to be added to the sum of the impressions' losses, or null. */
  public Tensor auxiliaryLoss() {
    return auxiliaryLoss;
  }
}
