package io.dicm.feature.device;

import org.bytedeco.javacpp.FloatPointer;

/**
 * How floats are copied between Java's arrays and memory outside the heap. Safe for use by many
 * threads.
 */
public interface ArrayCopies {
  /**
   * Copies from memory outside the heap.
   *
   * @param target gets the values from {@code offset} on
   */
  void get(FloatPointer source, float[] target, int offset, int count);

  /** Copies the first {@code count} values to memory outside the heap. */
  void put(float[] values, FloatPointer target, int count);
}
