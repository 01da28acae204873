package io.dicm.feature.encode;

import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * VGG16's 13 convolutions and FC6 with its ReLU on libtorch, float32 on the CPU: 4096 floats a
 * picture. Holds 470 MB of native memory from construction to {@link #close}. Not safe for use by
 * many threads.
 */
public final class Vgg16Encoder implements ImageEncoder {
  private static final int WEIGHTS_A_LAYER = 2;
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};
  private static final long[] POOL = {2, 2};
  private static final long PICTURE_FLOATS =
      3L * Vgg16Architecture.INPUT_SIDE * Vgg16Architecture.INPUT_SIDE;

  private final ExtractorDescription description;
  private final List<Tensor> weights = new ArrayList<>();

  /**
   * Loads the weights.
   *
   * @param threads compute threads; a setting of the whole process in libtorch
   */
  public Vgg16Encoder(ExtractorDescription description, WeightSource source, int threads)
      throws IOException {
    this.description = description;
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
  public float[][] encode(FloatBuffer batch, int count) {
    checkBatch(batch, count);
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      long[] shape = {count, 3, Vgg16Architecture.INPUT_SIDE, Vgg16Architecture.INPUT_SIDE};
      // Channels last is a fifth faster than NCHW here.
      Tensor pictures =
          from_blob(new FloatPointer(batch.duplicate().clear()), shape)
              .contiguous(MemoryFormat.ChannelsLast);
      try (Tensor features = convolutions(pictures)) {
        return rows(fullyConnected(features), count);
      }
    }
  }

  @Override
  public void close() {
    weights.forEach(Tensor::close);
    weights.clear();
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
    return linear(x.reshape(x.size(0), Vgg16Architecture.FC6_INPUTS), weight, bias).relu_();
  }

  private float[][] rows(Tensor vectors, int count) {
    FloatPointer values = new FloatPointer(vectors.contiguous().data_ptr());
    float[][] rows = new float[count][dimension()];
    for (int row = 0; row < count; row++) {
      values.position((long) row * dimension()).get(rows[row]);
    }
    return rows;
  }

  private static Tensor load(WeightSource source, WeightShape weight) throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Tensor tensor = empty(weight.dimensions());
      FloatPointer values = new FloatPointer(tensor.data_ptr());
      source.read(
          weight,
          (chunk, count) -> {
            values.put(chunk, 0, count);
            values.position(values.position() + count);
          });
      boolean convolution = weight.shape().size() == 4;
      Tensor kept = convolution ? tensor.contiguous(MemoryFormat.ChannelsLast) : tensor;
      return kept.retainReference();
    }
  }

  private void checkBatch(FloatBuffer batch, int count) {
    if (!batch.isDirect() || count < 1 || batch.capacity() < count * PICTURE_FLOATS) {
      throw new IllegalArgumentException(
          "Batch of "
              + count
              + " pictures needs a direct buffer of "
              + count * PICTURE_FLOATS
              + " floats, was "
              + (batch.isDirect() ? "" : "not direct, ")
              + batch.capacity());
    }
    if (weights.isEmpty()) {
      throw new IllegalStateException("The encoder is closed");
    }
  }
}
