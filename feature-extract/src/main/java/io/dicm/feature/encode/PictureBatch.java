package io.dicm.feature.encode;

import static org.bytedeco.pytorch.global.torch.from_blob;

import io.dicm.feature.decode.Preprocessing;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;

/** Shows a batch of preprocessed pictures to libtorch without a copy. */
final class PictureBatch {
  private static final int CHANNELS = 3;

  private PictureBatch() {}

  /**
   * The first pictures of a buffer, [count, 3, height, width].
   *
   * @throws IllegalArgumentException when the buffer is not direct or too small
   */
  static Tensor tensor(FloatBuffer batch, int count, Preprocessing preprocessing) {
    long needed = (long) count * preprocessing.floats();
    if (!batch.isDirect() || count < 1 || batch.capacity() < needed) {
      throw new IllegalArgumentException(
          "Batch of "
              + count
              + " pictures needs a direct buffer of "
              + needed
              + " floats, was "
              + (batch.isDirect() ? "" : "not direct, ")
              + batch.capacity());
    }
    long[] shape = {count, CHANNELS, preprocessing.height(), preprocessing.width()};
    return from_blob(new FloatPointer(batch.duplicate().clear()), shape);
  }
}
