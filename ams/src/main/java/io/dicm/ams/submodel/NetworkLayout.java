package io.dicm.ams.submodel;

import io.dicm.ams.shard.VectorScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tensors of one compression network, FC input-256-64-12 with PReLU between (arXiv 1711.06505,
 * figure 2), and where each lies in the network's flat vector. Behind the layers there may be one
 * more, {@value #MISSING_CODE}: the learned code of images that the feature store lacks.
 *
 * @param tensors in the order of the flat vector
 * @param length of the flat vector
 */
public record NetworkLayout(List<FlatTensor> tensors, int length) {
  /** Length of a code. */
  public static final int CODE_DIMENSION = 12;

  /** Initial slope of every PReLU. */
  public static final float INITIAL_SLOPE = 0.25f;

  /** The tensor of the code of images without a vector, [12]. */
  public static final String MISSING_CODE = "missing_code";

  private static final int[] WIDTHS = {256, 64, CODE_DIMENSION};

  /** Codes start small beside the values that a worker's network is used to. */
  private static final double CODE_GAIN = 0.5;

  /**
   * One tensor of the flat vector.
   *
   * @param name such as {@code fc1.weight}
   * @param shape row-major
   * @param offset of its first value
   * @param deviation of its normally distributed initial values
   * @param center of its initial values
   */
  public record FlatTensor(String name, long[] shape, int offset, float deviation, float center) {
    /** The number of values. */
    public int length() {
      int length = 1;
      for (long size : shape) {
        length = Math.multiplyExact(length, Math.toIntExact(size));
      }
      return length;
    }
  }

  /**
   * The layout for inputs of this dimension. Initial weights keep the activations near 1: inputs
   * are {@link VectorScaling#TYPICAL_LENGTH} long, whatever their dimension.
   */
  public static NetworkLayout of(int inputDimension) {
    return of(inputDimension, false);
  }

  /**
   * The layout for inputs of this dimension.
   *
   * @param missingCode with a code for images without a vector, which is 0 at first
   */
  public static NetworkLayout of(int inputDimension, boolean missingCode) {
    Builder builder = new Builder();
    int inputs = inputDimension;
    double deviation = 1 / VectorScaling.TYPICAL_LENGTH;
    for (int layer = 1; layer <= WIDTHS.length; layer++) {
      int outputs = WIDTHS[layer - 1];
      builder.add("fc" + layer + ".weight", deviation, 0, outputs, inputs);
      builder.add("fc" + layer + ".bias", 0, 0, outputs);
      if (layer < WIDTHS.length) {
        builder.add("prelu" + layer + ".weight", 0, INITIAL_SLOPE, 1);
      }
      inputs = outputs;
      deviation = (layer == WIDTHS.length - 1 ? CODE_GAIN : 1) / Math.sqrt(inputs);
    }
    if (missingCode) {
      builder.add(MISSING_CODE, 0, 0, CODE_DIMENSION);
    }
    return new NetworkLayout(List.copyOf(builder.tensors), builder.length);
  }

  /** The layers' tensors in order: weight, bias and, between layers, slope. */
  List<FlatTensor> layerTensors() {
    return tensors.stream().filter(tensor -> !tensor.name().equals(MISSING_CODE)).toList();
  }

  /** The tensor of the code of images without a vector, where there is one. */
  Optional<FlatTensor> missingCode() {
    return tensors.stream().filter(tensor -> tensor.name().equals(MISSING_CODE)).findFirst();
  }

  /** Length of the vectors that go in. */
  public int inputDimension() {
    return (int) tensors.get(0).shape()[1];
  }

  private static final class Builder {
    private final List<FlatTensor> tensors = new ArrayList<>();
    private int length;

    private void add(String name, double deviation, float center, long... shape) {
      FlatTensor tensor = new FlatTensor(name, shape, length, (float) deviation, center);
      tensors.add(tensor);
      length += tensor.length();
    }
  }
}
