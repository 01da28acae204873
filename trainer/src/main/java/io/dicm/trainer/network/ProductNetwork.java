package io.dicm.trainer.network;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Product-based neural network (PNN, arXiv 1611.00144): a first layer l_1 of a linear and a product
 * signal, activation(l_z + l_p + b_1), then the other hidden layers and a linear one. The image
 * path's output is part of l_z's input alone. With both products l_p is their sum, as it is of
 * products laid side by side: each has weights of its own.
 */
final class ProductNetwork implements IdNetwork {
  private static final int CLASSES = 2;

  private final LinearLayer linear;
  private final List<ProductSignal> products;
  private final ActivationLayer activation;
  private final double dropout;
  private final HiddenLayers hidden;
  private final LinearLayer last;

  ProductNetwork(NetworkOptions options, IdShape shape) {
    List<Integer> widths = options.hidden();
    int width = widths.get(0);
    this.linear = new LinearLayer("product.linear", shape.flatWidth() + shape.imageWidth(), width);
    this.products = ProductSignal.of(options.product(), "product", shape, width);
    this.activation = options.activation().layer("product", width);
    this.dropout = options.dropout();
    this.hidden =
        new HiddenLayers(
            "mlp", width, widths.subList(1, widths.size()), options.activation(), dropout);
    this.last = new LinearLayer("mlp." + (widths.size() - 1), hidden.outputWidth(), CLASSES);
  }

  @Override
  public void declare(ParameterSet set) {
    linear.declare(set);
    products.forEach(product -> product.declare(set));
    activation.declare(set);
    hidden.declare(set);
    last.declare(set);
  }

  @Override
  public Tensor logits(IdInputs ids, Tensor images, ForwardPass pass) {
    // b_1 is the linear layer's bias.
    Tensor signal = linear.apply(IdInputs.join(ids.flatEmbeddings(), images), pass.parameters());
    Tensor fields = ids.embeddings();
    for (ProductSignal product : products) {
      signal = signal.add(product.apply(fields, pass.parameters()));
    }
    Tensor first = pass.dropout(activation.apply(signal, pass), dropout);
    return last.apply(hidden.apply(first, pass), pass.parameters());
  }
}
