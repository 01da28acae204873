package io.dicm.trainer.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Linear layers with PReLU between them, as {@code nn.Sequential} would have them. */
final class PlainLayers {
  private static final float SLOPE = 0.25f;

  private final List<Tensor> weights = new ArrayList<>();
  private final List<Tensor> biases = new ArrayList<>();
  private final List<Tensor> slopes = new ArrayList<>();

  /**
   * @param parameters gets all tensors
   * @param widths of the input and of each layer's output
   */
  PlainLayers(TensorVector parameters, int... widths) {
    for (int i = 0; i + 1 < widths.length; i++) {
      double bound = 1 / Math.sqrt(widths[i]);
      weights.add(uniform(parameters, torch.empty(widths[i + 1], widths[i]), bound));
      biases.add(uniform(parameters, torch.empty(widths[i + 1]), bound));
      if (i + 2 < widths.length) {
        slopes.add(parameter(parameters, torch.full(new long[] {1}, new Scalar(SLOPE))));
      }
    }
  }

  private static Tensor uniform(TensorVector parameters, Tensor values, double bound) {
    return parameter(parameters, values.uniform_(-bound, bound, new GeneratorOptional()));
  }

  private static Tensor parameter(TensorVector parameters, Tensor values) {
    Tensor parameter = values.set_requires_grad(true);
    parameters.push_back(parameter);
    return parameter;
  }

  Tensor apply(Tensor x) {
    Tensor h = x;
    for (int i = 0; i < weights.size(); i++) {
      h = torch.linear(h, weights.get(i), new TensorOptional(biases.get(i)));
      if (i < slopes.size()) {
        h = torch.prelu(h, slopes.get(i));
      }
    }
    return h;
  }
}
