package io.dicm.ams.submodel;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One forward pass of a {@link CodeNetwork}: what backward needs of it is kept until it is closed.
 * To be used by the thread that made it.
 */
public final class CodePass implements AutoCloseable {
  private final CodeNetwork network;
  private final List<DenseLayer.Pass> passes;
  private final Tensor codes;

  /**
   * @param passes through the layers; owned by this object afterwards, and so is {@code codes}
   */
  CodePass(CodeNetwork network, List<DenseLayer.Pass> passes, Tensor codes) {
    this.network = network;
    this.passes = List.copyOf(passes);
    this.codes = codes;
  }

  /** The codes, [rows, 12]. */
  public float[] codes() {
    return CodeNetwork.valuesOf(codes);
  }

  /**
   * Computes the gradient of the network's parameters.
   *
   * @param codeGradients [rows, 12]
   * @return flat, as the network's layout says; overwritten by the network's next backward pass
   */
  public float[] backward(float[] codeGradients) {
    try (PointerScope scope = new PointerScope()) {
      Tensor gradients = torch.empty(codes.size(0), codes.size(1));
      gradients.data_ptr_float().put(codeGradients);
      return network.backward(passes, gradients);
    }
  }

  @Override
  public void close() {
    passes.forEach(DenseLayer.Pass::close);
    codes.close();
  }
}
