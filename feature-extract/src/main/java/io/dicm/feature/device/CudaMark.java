package io.dicm.feature.device;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.cuda.CUDAEvent;
import org.bytedeco.pytorch.global.torch_cuda;

/** An event of CUDA. */
final class CudaMark implements DeviceMark {
  /**
   * {@code cudaEventBlockingSync | cudaEventDisableTiming}: a thread that waits leaves its
   * processor to others.
   */
  private static final int FLAGS = 1 | 2;

  private final byte ordinal;
  private final CUDAEvent event;

  CudaMark(int ordinal) {
    this.ordinal = (byte) ordinal;
    this.event = new CUDAEvent(FLAGS).retainReference();
  }

  @Override
  public void set() {
    try (PointerScope scope = new PointerScope()) {
      event.record(torch_cuda.getCurrentCUDAStream(ordinal));
    }
  }

  @Override
  public void await() {
    event.synchronize();
  }

  @Override
  public void close() {
    event.close();
  }
}
