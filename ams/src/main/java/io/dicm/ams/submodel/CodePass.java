package io.dicm.ams.submodel;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One forward pass of a {@link CodeNetwork}: what backward needs of it is kept until it is closed.
 * To be used by the thread that made it.
 */
public final class CodePass implements AutoCloseable {
  /** No row stands for images without a vector. */
  public static final int NO_ROW = -1;

  private final CodeNetwork network;
  private final List<DenseLayer.Pass> passes;
  private final Tensor codes;
  private final int learnedRow;
  private final int columns;

  /**
   * @param passes through the layers, the last of which gives the codes; owned by this object
   *     afterwards
   * @param learnedRow the row whose code is not computed but learned, or {@link #NO_ROW}
   */
  CodePass(CodeNetwork network, List<DenseLayer.Pass> passes, Tensor codes, int learnedRow) {
    this.network = network;
    this.passes = List.copyOf(passes);
    this.codes = codes;
    this.learnedRow = learnedRow;
    this.columns = network.codeDimension();
  }

  /** The codes, [rows, code dimension]. */
  public float[] codes() {
    float[] values = network.device().read(codes);
    if (learnedRow != NO_ROW) {
      network.copyValues(network.missingCodeOffset(), values, learnedRow * columns, columns);
    }
    return values;
  }

  /**
   * Computes the gradient of the network's parameters.
   *
   * @param codeGradients [rows, code dimension]; changed by this call
   * @return flat, as the network's layout says; overwritten by the network's next backward pass
   */
  public float[] backward(float[] codeGradients) {
    if (learnedRow == NO_ROW) {
      return throughLayers(codeGradients);
    }
    int from = learnedRow * columns;
    float[] ofLearned = Arrays.copyOfRange(codeGradients, from, from + columns);
    // The row went through the layers, but what came of it was not used.
    Arrays.fill(codeGradients, from, from + columns, 0);
    float[] gradient = throughLayers(codeGradients);
    System.arraycopy(ofLearned, 0, gradient, network.missingCodeOffset(), columns);
    return gradient;
  }

  private float[] throughLayers(float[] codeGradients) {
    try (PointerScope scope = new PointerScope()) {
      Tensor gradients = network.device().empty(ScalarType.Float, codes.size(0), codes.size(1));
      network.device().write(codeGradients, gradients);
      network.beginBackward(passes, gradients);
      return network.gradient();
    }
  }

  /**
   * Goes back and leaves the gradient on the device, which may still be computing it: what the
   * device alone does of a step.
   *
   * @param codeGradients [rows, code dimension], on the network's device; that of a learned row
   *     counts as if it were computed
   */
  public void beginBackward(Tensor codeGradients) {
    network.beginBackward(passes, codeGradients);
  }

  @Override
  public void close() {
    passes.forEach(DenseLayer.Pass::close);
  }
}
