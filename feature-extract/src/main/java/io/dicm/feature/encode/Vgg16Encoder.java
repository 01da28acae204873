package io.dicm.feature.encode;

import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.dicm.feature.decode.Preprocessing;
import io.dicm.feature.decode.ResizeRule;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.weights.RandomWeights;
import io.dicm.feature.weights.WeightSource;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * VGG16's 13 convolutions and FC6, with its ReLU or without, on libtorch: 4096 floats a picture.
 * Holds 470 MB from construction to {@link #close}, half of it with bfloat16 or float16: of the
 * GPU's memory, or of native memory, of which FC6's 411 MB are shared with other processes where
 * the weights can be mapped. Not safe for use by many threads.
 */
public final class Vgg16Encoder implements ImageEncoder {
  private final ExtractorDescription description;
  private final Vgg16Variant variant;
  private final ComputeDevice device;
  private final Vgg16Layers layers;

  /**
   * Loads the weights.
   *
   * @param threads compute threads of the processor; a setting of the whole process in libtorch
   */
  Vgg16Encoder(
      ExtractorDescription description,
      Vgg16Variant variant,
      WeightSource source,
      int threads,
      ComputeDevice device)
      throws IOException {
    this.description = description;
    this.variant = variant;
    this.device = device;
    set_num_threads(threads);
    this.layers = Vgg16Layers.load(source, variant.precision(), device);
  }

  /**
   * One with random weights, for measurements: needs no configuration.
   *
   * @param precision as {@code dicm.extract.precision} names it
   * @param seed of the weights
   * @param threads compute threads of the processor; a setting of the whole process in libtorch
   */
  public static Vgg16Encoder random(String precision, long seed, int threads, ComputeDevice device)
      throws IOException {
    ExtractDevice.prepare(device);
    Vgg16Variant variant =
        new Vgg16Variant(
            Vgg16Layer.FC6_RELU,
            Precision.valueOf(precision.toUpperCase(Locale.ROOT)),
            ResizeRule.CROP);
    return new Vgg16Encoder(
        variant.ofRandomWeights(seed), variant, new RandomWeights(seed), threads, device);
  }

  @Override
  public ExtractorDescription description() {
    return description;
  }

  @Override
  public Preprocessing preprocessing() {
    return variant.preprocessing();
  }

  /** Whether a kernel of our own computes what follows each convolution; on GPUs alone. */
  public boolean usesKernel() {
    return layers.usesKernel();
  }

  @Override
  public float[][] encode(FloatBuffer batch, int count) {
    try (PointerScope scope = new PointerScope()) {
      Tensor pictures = device.place(PictureBatch.tensor(batch, count, preprocessing()));
      return VectorRows.of(device.onProcessor(vectors(pictures)), count, dimension());
    }
  }

  @Override
  public EncodingPipeline pipeline(int batchSize) {
    return device.isProcessor()
        ? ImageEncoder.super.pipeline(batchSize)
        : pipelineOnDevice(batchSize);
  }

  /**
   * With pictures of float32, which the device rounds: to do so on the way there would take the
   * thread that puts batches together as long as a GPU takes for the network.
   */
  EncodingPipeline pipelineOnDevice(int batchSize) {
    BatchShape shape = new BatchShape(batchSize, preprocessing(), dimension());
    return new DevicePipeline(device, shape, this::vectors);
  }

  /**
   * Within the caller's pointer scope.
   *
   * @param pictures [n, 3, 224, 224] on the device
   * @return [n, 4096] of float32
   */
  private Tensor vectors(Tensor pictures) {
    if (layers.isClosed()) {
      throw new IllegalStateException("The encoder is closed");
    }
    try (NoGradGuard noGradients = new NoGradGuard()) {
      Tensor sums = layers.fc6(pictures);
      Tensor vectors = variant.layer() == Vgg16Layer.FC6_RELU ? sums.relu_() : sums;
      return vectors.to(ScalarType.Float);
    }
  }

  @Override
  public void close() {
    layers.close();
  }
}
