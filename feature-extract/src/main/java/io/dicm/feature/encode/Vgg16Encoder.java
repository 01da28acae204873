package io.dicm.feature.encode;

import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.dicm.feature.decode.Preprocessing;
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
 * VGG16's 13 convolutions and FC6, with its ReLU or without, on libtorch on the CPU: 4096 floats a
 * picture. Holds 470 MB of native memory from construction to {@link #close}, half of it with
 * bfloat16; of these, FC6's 411 MB are shared with other processes where the weights can be mapped.
 * Not safe for use by many threads.
 */
public final class Vgg16Encoder implements ImageEncoder {
  private static final int WEIGHTS_A_LAYER = 2;
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};
  private static final long[] POOL = {2, 2};

  private final ExtractorDescription description;
  private final Vgg16Variant variant;
  private final List<Tensor> weights = new ArrayList<>();

  /** Mapped files that tensors look into; they are unmapped when nothing refers to them. */
  private final List<FloatBuffer> mapped = new ArrayList<>();

  /**
   * Loads the weights.
   *
   * @param threads compute threads; a setting of the whole process in libtorch
   */
  Vgg16Encoder(
      ExtractorDescription description, Vgg16Variant variant, WeightSource source, int threads)
      throws IOException {
    this.description = description;
    this.variant = variant;
    set_num_threads(threads);
    try (NoGradGuard noGradients = new NoGradGuard()) {
      for (WeightShape weight : Vgg16Architecture.weights()) {
        weights.add(load(source, weight));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public ExtractorDescription description() {
    return description;
  }

  @Override
  public Preprocessing preprocessing() {
    return variant.preprocessing();
  }

  @Override
  public float[][] encode(FloatBuffer batch, int count) {
    if (weights.isEmpty()) {
      throw new IllegalStateException("The encoder is closed");
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      // Channels last is a fifth faster than NCHW here.
      Tensor pictures =
          PictureBatch.tensor(batch, count, preprocessing())
              .to(type(variant.precision()))
              .contiguous(MemoryFormat.ChannelsLast);
      try (Tensor features = convolutions(pictures)) {
        Tensor vectors = fullyConnected(features).to(ScalarType.Float);
        return VectorRows.of(vectors, count, dimension());
      }
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
        TensorOptional bias = new TensorOptional(weights.get(weight + 1));
        x = conv2d(x, weights.get(weight), bias, ONE, ONE, ONE, 1).relu_();
      }
      return max_pool2d(x, POOL, POOL, NONE, ONE, false).retainReference();
    }
  }

  /** [n, 512, 7, 7] to [n, 4096]. */
  private Tensor fullyConnected(Tensor x) {
    Tensor weight = weights.get(weights.size() - 2);
    TensorOptional bias = new TensorOptional(weights.get(weights.size() - 1));
    Tensor sums = linear(x.reshape(x.size(0), Vgg16Architecture.FC6_INPUTS), weight, bias);
    return variant.layer() == Vgg16Layer.FC6_RELU ? sums.relu_() : sums;
  }

  private Tensor load(WeightSource source, WeightShape weight) throws IOException {
    // Convolutions are kept in another order than a file's; they are small beside FC6.
    boolean convolution = weight.shape().size() == 4;
    if (!convolution && variant.precision() == Precision.FLOAT32) {
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
      return ordered.to(type(variant.precision())).retainReference();
    }
  }

  private Tensor loadMapped(FloatBuffer values, WeightShape weight) {
    mapped.add(values);
    try (PointerScope scope = new PointerScope()) {
      return from_blob(new FloatPointer(values), weight.dimensions()).retainReference();
    }
  }

  private static ScalarType type(Precision precision) {
    return precision == Precision.BFLOAT16 ? ScalarType.BFloat16 : ScalarType.Float;
  }
}
