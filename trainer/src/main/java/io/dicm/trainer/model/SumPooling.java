package io.dicm.trainer.model;

import io.dicm.trainer.network.ParameterSet;
import io.dicm.trainer.network.Parameters;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** In each dimension the sum of the behaviours' codes (arXiv 1711.06505, section 4.2). */
final class SumPooling implements Aggregator {
  private final int codeWidth;

  SumPooling(int codeWidth) {
    this.codeWidth = codeWidth;
  }

  @Override
  public int outputWidth() {
    return codeWidth;
  }

  @Override
  public void declare(ParameterSet set) {
    // Nothing is learned here.
  }

  @Override
  public Tensor aggregate(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return behaviors.bags().sum(behaviors.codes());
  }

  @Override
  public Pass begin(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return new Sums(behaviors);
  }

  private record Sums(BehaviorCodes behaviors) implements Pass {
    @Override
    public Tensor output() {
      return behaviors.bags().sum(behaviors.codes());
    }

    @Override
    public Gradients backward(Tensor gradient) {
      Tensor back = behaviors.gradients().ofSum(gradient.contiguous());
      return new Gradients(back, Queries.NONE, Map.of());
    }
  }
}
