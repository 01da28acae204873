package io.dicm.feature.device;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.cuda.CUDAEvent;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Copies to a GPU beside what the calling thread computes there: on a stream of their own, so that
 * a copy does not wait for what was begun before it. For one thread.
 */
public final class UploadStream implements AutoCloseable {
  private final ComputeDevice device;
  private final CUDAStream stream;
  private final CUDAEvent uploaded;

  /** Takes a stream of the device; the processor needs none. */
  public UploadStream(ComputeDevice device) {
    this.device = device;
    if (device.isProcessor()) {
      this.stream = null;
      this.uploaded = null;
      return;
    }
    try (PointerScope scope = new PointerScope()) {
      this.stream = torch_cuda.getStreamFromPool(false, (byte) device.ordinal()).retainReference();
      this.uploaded = new CUDAEvent().retainReference();
    }
  }

  /**
   * Begins a copy and does not wait for it; what the calling thread begins afterwards on the device
   * does. On the processor the copy is done.
   *
   * @param from of {@link ComputeDevice#pinned} memory, which has to stay as it is until the copy
   *     has ended
   * @param to on the device, of the same type and shape; nothing that was begun may still use it
   */
  public void begin(Tensor from, Tensor to) {
    try (PointerScope scope = new PointerScope()) {
      if (device.isProcessor()) {
        to.copy_(from);
        return;
      }
      CUDAStream computing = torch_cuda.getCurrentCUDAStream((byte) device.ordinal());
      torch_cuda.setCurrentCUDAStream(stream);
      try {
        to.copy_(from, true);
        uploaded.record(stream);
      } finally {
        torch_cuda.setCurrentCUDAStream(computing);
      }
      uploaded.block(computing);
    }
  }

  /** Waits until all copies have ended. */
  public void finish() {
    if (!device.isProcessor()) {
      stream.synchronize();
    }
  }

  /** Gives the stream back; does not wait. */
  @Override
  public void close() {
    if (!device.isProcessor()) {
      uploaded.close();
      stream.close();
    }
  }
}
