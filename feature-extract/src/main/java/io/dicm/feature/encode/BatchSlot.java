package io.dicm.feature.encode;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceMark;
import io.dicm.feature.device.UploadStream;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Memory of one batch on its way to a device and back, made once: pictures and vectors in the
 * processor's memory, from where the device copies at full speed, and pictures on the device. For
 * one thread.
 */
final class BatchSlot implements AutoCloseable {
  private final BatchShape shape;
  private final Tensor staged;
  private final Tensor placed;
  private final Tensor vectors;
  private final DeviceMark computed;
  private final FloatBuffer vectorValues;
  private final FloatBuffer pictureValues;

  /** Pictures of the batch under way. */
  private int count;

  /**
   * Makes the memory. The pictures on the device are zeros: what pads the first batch is finite.
   *
   * @param device the calling thread must not go on to use the slot before it has waited for what
   *     it has begun there
   */
  BatchSlot(ComputeDevice device, BatchShape shape) {
    this.shape = shape;
    try (PointerScope scope = new PointerScope()) {
      Tensor pictures = beside(device, shape.pictures());
      Tensor places = device.zeros(ScalarType.Float, shape.pictures());
      Tensor rows = beside(device, shape.batchSize(), shape.dimension());
      this.computed = device.mark();
      this.staged = pictures.retainReference();
      this.placed = places.retainReference();
      this.vectors = rows.retainReference();
      this.vectorValues = values(rows);
      this.pictureValues = values(pictures);
    }
  }

  /** Copies a picture into the batch. */
  void put(int index, float[] pixels) {
    pictureValues.put(index * shape.floats(), pixels, 0, shape.floats());
  }

  /**
   * Begins to copy the first pictures to the device, to compute and to copy the vectors back. The
   * network gets a whole batch, whose other pictures are of no meaning.
   */
  void begin(int pictures, UploadStream uploads, DevicePipeline.Network network) {
    try (PointerScope scope = new PointerScope()) {
      uploads.begin(staged.narrow(0, 0, pictures), placed.narrow(0, 0, pictures));
      Tensor rows = network.vectors(placed).narrow(0, 0, pictures);
      vectors.narrow(0, 0, pictures).copy_(rows, true);
      computed.set();
    }
    count = pictures;
  }

  /** The vectors of what was begun; waits for them. */
  float[][] await() {
    computed.await();
    float[][] rows = new float[count][shape.dimension()];
    for (int row = 0; row < count; row++) {
      vectorValues.get(row * shape.dimension(), rows[row]);
    }
    return rows;
  }

  /** Frees the memory, of which nothing may be in use any more. */
  @Override
  public void close() {
    computed.close();
    staged.close();
    placed.close();
    vectors.close();
  }

  private static Tensor beside(ComputeDevice device, long... shape) {
    return device.isProcessor()
        ? device.empty(ScalarType.Float, shape)
        : device.pinned(ScalarType.Float, shape);
  }

  private static FloatBuffer values(Tensor tensor) {
    return new FloatPointer(tensor.data_ptr()).capacity(tensor.numel()).asBuffer();
  }
}
