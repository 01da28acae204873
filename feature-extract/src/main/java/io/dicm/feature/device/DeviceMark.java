package io.dicm.feature.device;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.cuda.CUDAEvent;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * A place in the order of what a thread begins on a device, to wait for all before it and for
 * nothing after it. For one thread.
 */
public final class DeviceMark implements AutoCloseable {
  /**
   * {@code cudaEventBlockingSync | cudaEventDisableTiming}: a thread that waits leaves its
   * processor to others.
   */
  private static final int FLAGS = 1 | 2;

  private final ComputeDevice device;
  private final CUDAEvent event;

  /** A mark that is not set; the processor, which has ended what it began, needs none. */
  public DeviceMark(ComputeDevice device) {
    this.device = device;
    this.event = device.isProcessor() ? null : new CUDAEvent(FLAGS).retainReference();
  }

  /** Sets the mark here, and no longer where it was. */
  public void set() {
    if (!device.isProcessor()) {
      try (PointerScope scope = new PointerScope()) {
        event.record(torch_cuda.getCurrentCUDAStream((byte) device.ordinal()));
      }
    }
  }

  /** Waits until all that was begun before the mark has ended; returns at once if it is not set. */
  public void await() {
    if (!device.isProcessor()) {
      event.synchronize();
    }
  }

  @Override
  public void close() {
    if (!device.isProcessor()) {
      event.close();
    }
  }
}
