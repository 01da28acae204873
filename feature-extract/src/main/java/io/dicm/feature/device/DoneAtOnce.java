package io.dicm.feature.device;

import org.bytedeco.pytorch.Tensor;

/** The processor's order of things: what it is told is done when the call returns. */
enum DoneAtOnce implements UploadStream, DeviceMark {
  HERE;

  @Override
  public void begin(Tensor from, Tensor to) {
    to.copy_(from);
  }

  @Override
  public void finish() {}

  @Override
  public void set() {}

  @Override
  public void await() {}

  @Override
  public void close() {}
}
