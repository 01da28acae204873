package io.dicm.feature.encode;

import io.dicm.feature.device.ComputeDevice;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Brings batches of pictures to where the network is: on the processor without a copy, on a GPU
 * through pinned memory as large as the largest batch. Not safe for use by many threads.
 */
final class PictureUpload implements AutoCloseable {
  private final ComputeDevice device;
  private Tensor pinned;

  PictureUpload(ComputeDevice device) {
    this.device = device;
  }

  /**
   * The pictures there. The batch before must have been computed.
   *
   * @param pictures of float32, on the processor
   */
  Tensor bring(Tensor pictures) {
    if (device.isProcessor()) {
      return pictures;
    }
    long count = pictures.numel();
    if (pinned == null || pinned.numel() < count) {
      close();
      pinned = device.pinned(ScalarType.Float, count).retainReference();
    }
    Tensor part = pinned.narrow(0, 0, count).view(pictures.sizes());
    part.copy_(pictures);
    return device.beginPlace(part);
  }

  @Override
  public void close() {
    if (pinned != null) {
      pinned.close();
      pinned = null;
    }
  }
}
