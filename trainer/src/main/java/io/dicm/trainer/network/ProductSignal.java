package io.dicm.trainer.network;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The product part l_p of a PNN's first layer (arXiv 1611.00144, section III). */
sealed interface ProductSignal {
  void declare(ParameterSet set);

  /**
   * @param fields embeddings f_i, [impressions, fields, embedding width]
   * @return l_p, [impressions, width]
   */
  Tensor apply(Tensor fields, Parameters parameters);

  /**
   * The signals that a kind has; l_p is their sum.
   *
   * @param name prefix of the parameters
   * @param width of the first layer
   */
  static List<ProductSignal> of(ProductKind kind, String name, IdShape shape, int width) {
    ProductSignal inner = new Inner(name + ".inner", shape.fields(), width);
    ProductSignal outer = new Outer(name + ".outer", shape.embeddingWidth(), width);
    return switch (kind) {
      case INNER -> List.of(inner);
      case OUTER -> List.of(outer);
      case BOTH -> List.of(inner, outer);
    };
  }

  /**
   * Inner products of all pairs of fields, with weights that are factorised to theta theta^T: l_p^n
   * = || sum_i theta_i^n f_i ||^2.
   */
  record Inner(String name, int fields, int width) implements ProductSignal {
    @Override
    public void declare(ParameterSet set) {
      set.declare(name, new Initial.Uniform(1 / Math.sqrt(fields)), width, fields);
    }

    @Override
    public Tensor apply(Tensor embeddings, Parameters parameters) {
      // [n, E, fields] by theta^T, so that it is one product of matrices and not one a row.
      Tensor sums = torch.linear(embeddings.transpose(1, 2), parameters.get(name));
      return torch.sum(sums.square(), new long[] {1});
    }
  }

  /** The outer product p = f_S f_S^T of the fields' sum f_S with itself: l_p^n = W^n . p. */
  record Outer(String name, int embeddingWidth, int width) implements ProductSignal {
    @Override
    public void declare(ParameterSet set) {
      set.declare(
          name, new Initial.Uniform(1.0 / embeddingWidth), width, embeddingWidth, embeddingWidth);
    }

    @Override
    public Tensor apply(Tensor embeddings, Parameters parameters) {
      Tensor sum = torch.sum(embeddings, new long[] {1});
      Tensor product = sum.unsqueeze(2).mul(sum.unsqueeze(1)).flatten(1, -1);
      return torch.linear(product, parameters.get(name).flatten(1, -1));
    }
  }
}
