package io.dicm.ams.submodel;

import io.dicm.ams.shard.VectorScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tensors of one compression network, fully connected layers with PReLU between, usually
 * input-256-64-12 (arXiv 1711.06505, figure 2), and where each lies in the network's flat vector.
 * Behind the layers there may be one more, {@value #MISSING_CODE}: the learned code of images that
 * the feature store lacks.
 *
 * @param tensors in the order of the flat vector
 * @param length of the flat vector
 */
public record NetworkLayout(List<FlatTensor> tensors, int length) {
  /** Initial slope of every PReLU. */
  public static final float INITIAL_SLOPE = 0.25f;

  /** The tensor of the code of images without a vector, [code dimension]. */
  public static final String MISSING_CODE = "missing_code";

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

  /** The usual layout for inputs of this dimension, without a code for missing images. */
  public static NetworkLayout of(int inputDimension) {
    return of(inputDimension, SubModelShape.USUAL, false);
  }

  /**
   * The layout for inputs of this dimension. Initial weights keep the activations near 1: inputs
   * are {@link VectorScaling#TYPICAL_LENGTH} long, whatever their dimension.
   *
   * @param shape with at least one layer
   * @param missingCode with a code for images without a vector, which is 0 at first
   */
  public static NetworkLayout of(int inputDimension, SubModelShape shape, boolean missingCode) {
    if (!shape.compresses()) {
      throw new IllegalArgumentException("A network without layers");
    }
    Builder builder = new Builder();
    int inputs = inputDimension;
    int last = shape.layers().size();
    for (int layer = 1; layer <= last; layer++) {
      int outputs = shape.layers().get(layer - 1);
      double length = layer == 1 ? VectorScaling.TYPICAL_LENGTH : Math.sqrt(inputs);
      double deviation = (layer == last ? CODE_GAIN : 1) / length;
      builder.add("fc" + layer + ".weight", deviation, 0, outputs, inputs);
      builder.add("fc" + layer + ".bias", 0, 0, outputs);
      if (layer < last) {
        builder.add("prelu" + layer + ".weight", 0, INITIAL_SLOPE, 1);
      }
      inputs = outputs;
    }
    if (missingCode) {
      builder.add(MISSING_CODE, 0, 0, inputs);
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

  /** Length of the codes that come out. */
  public int codeDimension() {
    List<FlatTensor> layers = layerTensors();
    return layers.get(layers.size() - 1).length();
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
