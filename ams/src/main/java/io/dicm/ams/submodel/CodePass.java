package io.dicm.ams.submodel;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * One forward pass of a {@link CodeNetwork} whose activations are kept until it is closed. To be
 * used by the thread that made it.
 */
public final class CodePass implements AutoCloseable {
  private final CodeNetwork network;
  private final Tensor codes;

  CodePass(CodeNetwork network, Tensor codes) {
    this.network = network;
    this.codes = codes;
  }

  /** The codes, [rows, 12]. */
  public float[] codes() {
    try (PointerScope scope = new PointerScope()) {
      return CodeNetwork.valuesOf(codes.detach());
    }
  }

  /**
   * Computes the gradient of the network's parameters. May be called once.
   *
   * @param codeGradients [rows, 12]
   * @return flat, as the network's layout says
   */
  public float[] backward(float[] codeGradients) {
    try (PointerScope scope = new PointerScope()) {
      Tensor gradients = torch.empty(codes.size(0), codes.size(1));
      gradients.data_ptr_float().put(codeGradients);
      codes.backward(gradients, new BoolOptional(), false, new TensorArrayRefOptional());
      return network.takeGradient();
    }
  }

  @Override
  public void close() {
    codes.close();
  }
}
