package io.dicm.trainer.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Embedding &amp; MLP: all inputs side by side, then 200 - 80 - 2 with PReLU (arXiv 1711.06505,
 * section 4.3).
 */
final class EmbeddingMlp implements IdNetwork {
  private static final int FIRST = 200;
  private static final int SECOND = 80;
  private static final int CLASSES = 2;

  private final Perceptron perceptron;

  EmbeddingMlp(NetworkShape shape, int imageWidth) {
    this.perceptron = new Perceptron("mlp", shape.idWidth() + imageWidth, FIRST, SECOND, CLASSES);
  }

  @Override
  public void declare(ParameterSet set) {
    perceptron.declare(set);
  }

  @Override
  public Tensor logits(PooledIds ids, Tensor images, Parameters parameters) {
    TensorVector parts = new TensorVector();
    for (Tensor part : new Tensor[] {ids.sample(), ids.impression(), images}) {
      if (part != null) {
        parts.push_back(part);
      }
    }
    return perceptron.apply(torch.cat(parts, 1), parameters);
  }
}
