package io.dicm.feature.device;

import org.bytedeco.javacpp.FloatPointer;

/** Copies on the calling thread. Immutable. */
record PlainCopies() implements ArrayCopies {
  @Override
  public void get(FloatPointer source, float[] target, int offset, int count) {
    source.get(target, offset, count);
  }

  @Override
  public void put(float[] values, FloatPointer target, int count) {
    target.put(values, 0, count);
  }
}
