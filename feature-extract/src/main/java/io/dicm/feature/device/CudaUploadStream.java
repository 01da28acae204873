package io.dicm.feature.device;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.cuda.CUDAEvent;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.global.torch_cuda;

/** A stream of CUDA for copies alone. */
final class CudaUploadStream implements UploadStream {
  private final byte ordinal;
  private final CUDAStream stream;
  private final CUDAEvent uploaded;

  /** Takes a stream of a GPU. */
  CudaUploadStream(int ordinal) {
    this.ordinal = (byte) ordinal;
    try (PointerScope scope = new PointerScope()) {
      this.stream = torch_cuda.getStreamFromPool(false, this.ordinal).retainReference();
      this.uploaded = new CUDAEvent().retainReference();
    }
  }

  @Override
  public void begin(Tensor from, Tensor to) {
    try (PointerScope scope = new PointerScope()) {
      CUDAStream computing = torch_cuda.getCurrentCUDAStream(ordinal);
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

  @Override
  public void finish() {
    stream.synchronize();
  }

  @Override
  public void close() {
    uploaded.close();
    stream.close();
  }
}
