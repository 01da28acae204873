package io.dicm.feature.encode;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.linear;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.weights.WeightShape;
import io.dicm.feature.weights.WeightSource;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * VGG16's 13 convolutions and FC6 without its ReLU, with weights that are loaded once and stay on
 * one device. Channels last: a fifth faster than NCHW on processors, and what a GPU's units for
 * half precision compute on. Not safe for use by many threads.
 */
final class Vgg16Layers implements AutoCloseable {
  private static final int WEIGHTS_A_LAYER = 2;

  /**
   * Blocks whose activations, 13 MB of a picture in the first and 1.6 to 3 in the third, are too
   * large for a processor's cache by the batch and not by the picture.
   */
  private static final int BLOCKS_BY_PICTURE = 3;

  private final Precision precision;
  private final ComputeDevice device;
  private final ConvolutionLayer layer;
  private final List<Tensor> weights = new ArrayList<>();

  /** Mapped files that tensors look into; they are unmapped when nothing refers to them. */
  private final List<FloatBuffer> mapped = new ArrayList<>();

  private Vgg16Layers(Precision precision, ComputeDevice device, ConvolutionLayer layer) {
    this.precision = precision;
    this.device = device;
    this.layer = layer;
  }

  /** Loads the weights; on the processor FC6's stay in the mapped file where that can be. */
  static Vgg16Layers load(WeightSource source, Precision precision, ComputeDevice device)
      throws IOException {
    return load(source, precision, device, ConvolutionLayers.on(device));
  }

  /**
   * The same with a choice.
   *
   * @param layer what computes the convolution layers; closed with this
   */
  static Vgg16Layers load(
      WeightSource source, Precision precision, ComputeDevice device, ConvolutionLayer layer)
      throws IOException {
    Vgg16Layers layers = new Vgg16Layers(precision, device, layer);
    try (NoGradGuard noGradients = new NoGradGuard()) {
      for (WeightShape weight : Vgg16Architecture.weights()) {
        layers.weights.add(layers.load(source, weight));
      }
      return layers;
    } catch (IOException | RuntimeException | Error e) {
      layers.close();
      throw e;
    }
  }

  boolean isClosed() {
    return weights.isEmpty();
  }

  /** Whether a kernel of our own computes all but the convolutions' sums. */
  boolean usesKernel() {
    return layer instanceof KernelConvolutionLayer;
  }

  /**
   * FC6's sums, within the caller's pointer scope.
   *
   * @param pictures [n, 3, 224, 224] of float32 on this device; not changed
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
    layer.close();
  }

  /** [n, 3, 224, 224] to [n, 512, 7, 7], which the caller closes. */
  private Tensor convolutions(Tensor pictures) {
    int[] blocks = Vgg16Architecture.convolutionsPerBlock();
    if (!device.isProcessor()) {
      return blocks(pictures, 0, blocks.length);
    }
    try (Tensor x = firstBlocksByPicture(pictures)) {
      return blocks(x, BLOCKS_BY_PICTURE, blocks.length);
    }
  }

  /** One picture after the other, so that what a layer leaves is in the cache for the next one. */
  private Tensor firstBlocksByPicture(Tensor pictures) {
    long count = pictures.size(0);
    try (PointerScope scope = new PointerScope()) {
      TensorVector ofPictures = new TensorVector();
      for (long i = 0; i < count; i++) {
        try (Tensor one = blocks(pictures.narrow(0, i, 1), 0, BLOCKS_BY_PICTURE)) {
          ofPictures.push_back(one);
        }
      }
      return cat(ofPictures, 0).retainReference();
    }
  }

  /** Some of the blocks, the first of which leaves its input as it is; the caller closes. */
  private Tensor blocks(Tensor input, int from, int to) {
    int[] convolutions = Vgg16Architecture.convolutionsPerBlock();
    int weight = WEIGHTS_A_LAYER * Arrays.stream(convolutions, 0, from).sum();
    Tensor x = block(input, weight, convolutions[from]);
    for (int block = from + 1; block < to; block++) {
      weight += WEIGHTS_A_LAYER * convolutions[block - 1];
      try (Tensor before = x) {
        x = block(before, weight, convolutions[block]);
      }
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
        x = layer.apply(x, weights.get(weight), weights.get(weight + 1), pools);
      }
      return x.retainReference();
    }
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

  /** What the network computes with. */
  private ScalarType type() {
    return switch (precision) {
      case FLOAT32 -> ScalarType.Float;
      case BFLOAT16 -> ScalarType.BFloat16;
      case FLOAT16 -> ScalarType.Half;
    };
  }
}
