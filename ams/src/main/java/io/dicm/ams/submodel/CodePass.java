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

  /** Of the learned row's code, once the way back has begun. */
  private float[] learnedGradient;

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

  /** The codes, [rows, code dimension]; waits for what computes them. */
  public float[] codes() {
    float[] values = new float[codeValues()];
    read(values);
    return values;
  }

  /**
   * The codes where they are computed, which may not have ended; until this is closed.
   *
   * @throws IllegalStateException when one of them is learned and not computed
   */
  public Tensor codesOnDevice() {
    if (learnedRow != NO_ROW) {
      throw new IllegalStateException("The code of images without a vector is not on the device");
    }
    return codes;
  }

  /** How many values {@link #read} gives. */
  public int codeValues() {
    return Math.toIntExact(codes.numel());
  }

  /**
   * Copies the codes; waits for what computes them.
   *
   * @param target gets [rows, code dimension]
   */
  public void read(float[] target) {
    network.device().read(codes, target, 0, codeValues());
    if (learnedRow != NO_ROW) {
      network.copyValues(network.missingCodeOffset(), target, learnedRow * columns, columns);
    }
  }

  /**
   * Computes the gradient of the network's parameters.
   *
   * @param codeGradients [rows, code dimension], or longer; changed by this call
   * @return flat, as the network's layout says; overwritten by the network's next backward pass
   */
  public float[] backward(float[] codeGradients) {
    beginBackward(codeGradients);
    return gradient();
  }

  /**
   * Computes the gradient of the network's parameters, or on a GPU has begun to when it returns:
   * {@link #gradient} waits for it. No other backward pass of the network may come between.
   *
   * @param codeGradients [rows, code dimension], or longer; changed by this call
   */
  public void beginBackward(float[] codeGradients) {
    if (learnedRow != NO_ROW) {
      int from = learnedRow * columns;
      learnedGradient = Arrays.copyOfRange(codeGradients, from, from + columns);
      // The row went through the layers, but what came of it was not used.
      Arrays.fill(codeGradients, from, from + columns, 0);
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor gradients = network.device().empty(ScalarType.Float, codes.size(0), codes.size(1));
      network.device().write(codeGradients, gradients);
      network.beginBackward(passes, gradients);
    }
  }

  /**
   * Goes back and leaves the gradient on the device, which may still be computing it; {@link
   * #gradient} may follow where no row is learned.
   *
   * @param codeGradients [rows, code dimension], on the network's device; that of a learned row
   *     counts as if it were computed
   */
  public void beginBackward(Tensor codeGradients) {
    network.beginBackward(passes, codeGradients);
  }

  /** Has a GPU copy what {@link #beginBackward} computes to the processor as soon as it can. */
  public void beginGradient() {
    network.beginGradient();
  }

  /**
   * What {@link #beginBackward} computes.
   *
   * @return flat, as the network's layout says; overwritten by the network's next backward pass
   */
  public float[] gradient() {
    float[] gradient = network.gradient();
    if (learnedRow != NO_ROW) {
      System.arraycopy(learnedGradient, 0, gradient, network.missingCodeOffset(), columns);
    }
    return gradient;
  }

  @Override
  public void close() {
    passes.forEach(DenseLayer.Pass::close);
  }
}
