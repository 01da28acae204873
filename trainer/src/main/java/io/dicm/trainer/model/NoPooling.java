package io.dicm.trainer.model;

import io.dicm.trainer.network.ParameterSet;
import io.dicm.trainer.network.Parameters;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Of a network that looks at histograms of the behaviours alone: a vector of no width. */
final class NoPooling implements Aggregator {
  @Override
  public int outputWidth() {
    return 0;
  }

  @Override
  public void declare(ParameterSet set) {
    // Has none.
  }

  @Override
  public Tensor aggregate(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return nothing(behaviors);
  }

  @Override
  public Pass begin(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return new NoPass(nothing(behaviors), torch.zeros_like(behaviors.codes()));
  }

  private static Tensor nothing(BehaviorCodes behaviors) {
    return behaviors.bags().sum(behaviors.codes()).narrow(1, 0, 0);
  }

  private record NoPass(Tensor output, Tensor codeGradient) implements Pass {
    @Override
    public Gradients backward(Tensor gradient) {
      return new Gradients(codeGradient, Queries.NONE, Map.of());
    }
  }
}
