package io.dicm.feature.device;

import org.bytedeco.pytorch.Tensor;

/**
 * Copies to a GPU beside what the calling thread computes there, so that a copy does not wait for
 * what was begun before it. For one thread.
 */
public interface UploadStream extends AutoCloseable {
  /**
   * Begins a copy and does not wait for it; what the calling thread begins afterwards on the device
   * does. On the processor the copy is done.
   *
   * @param from of {@link ComputeDevice#pinned} memory, which has to stay as it is until the copy
   *     has ended
   * @param to on the device, of the same type and shape; nothing that was begun may still use it
   */
  void begin(Tensor from, Tensor to);

  /** Waits until all copies have ended. */
  void finish();

  /** Gives the stream back; does not wait. */
  @Override
  void close();
}
