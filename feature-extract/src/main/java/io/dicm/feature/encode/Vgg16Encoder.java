package io.dicm.feature.encode;

import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.dicm.feature.decode.Preprocessing;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.weights.WeightSource;
import java.io.IOException;
import java.nio.FloatBuffer;
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
  private final PictureUpload upload;

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
    this.upload = new PictureUpload(device);
    set_num_threads(threads);
    this.layers = Vgg16Layers.load(source, variant.precision(), device);
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
    if (layers.isClosed()) {
      throw new IllegalStateException("The encoder is closed");
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      Tensor sums = layers.fc6(upload.bring(PictureBatch.tensor(batch, count, preprocessing())));
      Tensor vectors = variant.layer() == Vgg16Layer.FC6_RELU ? sums.relu_() : sums;
      return VectorRows.of(device.onProcessor(vectors.to(ScalarType.Float)), count, dimension());
    }
  }

  @Override
  public void close() {
    layers.close();
    upload.close();
  }
}
