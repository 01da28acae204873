package io.dicm.feature.encode;

import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.max_pool2d;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.weights.WeightShape;
import io.dicm.feature.weights.WeightSource;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * VGG16's 13 convolutions and FC6 without its ReLU, with weights that are loaded once and stay on
 * one device. Channels last: a fifth faster than NCHW on processors, and what a GPU's units for
 * half precision compute on. Not safe for use by many threads.
 */
final class Vgg16Layers implements AutoCloseable {
  private static final int WEIGHTS_A_LAYER = 2;
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};
  private static final long[] POOL = {2, 2};

  private final Precision precision;
  private final ComputeDevice device;
  private final boolean poolsFirst;
  private final List<Tensor> weights = new ArrayList<>();

  /** Mapped files that tensors look into; they are unmapped when nothing refers to them. */
  private final List<FloatBuffer> mapped = new ArrayList<>();

  private Vgg16Layers(Precision precision, ComputeDevice device, boolean poolsFirst) {
    this.precision = precision;
    this.device = device;
    this.poolsFirst = poolsFirst;
  }

  /** Loads the weights; on the processor FC6's stay in the mapped file where that can be. */
  static Vgg16Layers load(WeightSource source, Precision precision, ComputeDevice device)
      throws IOException {
    return load(source, precision, device, !device.isProcessor());
  }

  /**
   * The same with a choice.
   *
   * @param poolsFirst a block's last biases and ReLU come after its pooling
   */
  static Vgg16Layers load(
      WeightSource source, Precision precision, ComputeDevice device, boolean poolsFirst)
      throws IOException {
    Vgg16Layers layers = new Vgg16Layers(precision, device, poolsFirst);
    try (NoGradGuard noGradients = new NoGradGuard()) {
      for (WeightShape weight : Vgg16Architecture.weights()) {
        layers.weights.add(layers.load(source, weight));
      }
      return layers;
    } catch (IOException | RuntimeException e) {
      layers.close();
      throw e;
    }
  }

  boolean isClosed() {
    return weights.isEmpty();
  }

  /**
   * FC6's sums, within the caller's pointer scope.
   *
   * @param pictures [n, 3, 224, 224] of float32 or of {@link #type} on this device; not changed
   * @return [n, 4096] in this precision
   */
  Tensor fc6(Tensor pictures) {
    Tensor ordered = pictures.to(type()).contiguous(MemoryFormat.ChannelsLast);
    try (Tensor features = convolutions(ordered)) {
      return fullyConnected(features);
    }
  }

  @Override
  public void close() {
    weights.forEach(Tensor::close);
    weights.clear();
    mapped.clear();
  }

  /** [n, 3, 224, 224], which is closed, to [n, 512, 7, 7], which the caller closes. */
  private Tensor convolutions(Tensor pictures) {
    Tensor x = pictures;
    int weight = 0;
    for (int convolutions : Vgg16Architecture.convolutionsPerBlock()) {
      try (Tensor input = x) {
        x = block(input, weight, convolutions);
      }
      weight += WEIGHTS_A_LAYER * convolutions;
    }
    return x;
  }

  /** One block and its pooling; of its activations only the last one outlives it. */
  private Tensor block(Tensor input, int firstWeight, int convolutions) {
    try (PointerScope scope = new PointerScope()) {
      Tensor x = input;
      for (int i = 0; i < convolutions; i++) {
        int weight = firstWeight + WEIGHTS_A_LAYER * i;
        boolean pools = i == convolutions - 1;
        x = layer(x, weights.get(weight), weights.get(weight + 1), pools);
      }
      return x.retainReference();
    }
  }

  /** A convolution with its ReLU, and the pooling if it is a block's last. */
  private Tensor layer(Tensor x, Tensor weight, Tensor bias, boolean pools) {
    if (!poolsFirst) {
      Tensor y = conv2d(x, weight, new TensorOptional(bias), ONE, ONE, ONE, 1).relu_();
      return pools ? pooled(y) : y;
    }
    // On a GPU biases and ReLU are passes over memory of their own. They leave the order of values
    // as it is, also where they round, so after the pooling they give the same with a quarter of
    // it.
    Tensor y = conv2d(x, weight, new TensorOptional(), ONE, ONE, ONE, 1);
    return (pools ? pooled(y) : y).add_(bias.view(-1, 1, 1)).relu_();
  }

  private static Tensor pooled(Tensor x) {
    return max_pool2d(x, POOL, POOL, NONE, ONE, false);
  }

  /** [n, 512, 7, 7] to [n, 4096]. */
  private Tensor fullyConnected(Tensor x) {
    Tensor weight = weights.get(weights.size() - 2);
    TensorOptional bias = new TensorOptional(weights.get(weights.size() - 1));
    return linear(x.reshape(x.size(0), Vgg16Architecture.FC6_INPUTS), weight, bias);
  }

  private Tensor load(WeightSource source, WeightShape weight) throws IOException {
    // Convolutions are kept in another order than a file's; they are small beside FC6.
    boolean convolution = weight.shape().size() == 4;
    if (!convolution && precision == Precision.FLOAT32 && device.isProcessor()) {
      Optional<FloatBuffer> lying = source.map(weight);
      if (lying.isPresent()) {
        return loadMapped(lying.get(), weight);
      }
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor tensor = empty(weight.dimensions());
      FloatPointer values = new FloatPointer(tensor.data_ptr());
      source.read(
          weight,
          (chunk, count) -> {
            values.put(chunk, 0, count);
            values.position(values.position() + count);
          });
      Tensor ordered = convolution ? tensor.contiguous(MemoryFormat.ChannelsLast) : tensor;
      return device.place(ordered.to(type())).retainReference();
    }
  }

  private Tensor loadMapped(FloatBuffer values, WeightShape weight) {
    mapped.add(values);
    try (PointerScope scope = new PointerScope()) {
      return from_blob(new FloatPointer(values), weight.dimensions()).retainReference();
    }
  }

  /** What the network computes with; pictures of it are not converted. */
  ScalarType type() {
    return switch (precision) {
      case FLOAT32 -> ScalarType.Float;
      case BFLOAT16 -> ScalarType.BFloat16;
      case FLOAT16 -> ScalarType.Half;
    };
  }
}
