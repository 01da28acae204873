package io.dicm.feature.device;

import java.util.Arrays;

/**
 * Where tensors of floats begin in one flat memory. Side by side, as they travel and are stored, or
 * each at a multiple of 16 bytes with a gap before it: kernels of matrix products read so many at a
 * time where they can, and one that takes for granted that it can ends the process. Immutable.
 */
public final class FloatPlaces {
  /** Floats of 16 bytes. */
  private static final int ALIGNED = 4;

  private final int[] counts;
  private final int[] offsets;
  private final int length;

  private FloatPlaces(int unit, int... counts) {
    this.counts = counts.clone();
    this.offsets = new int[counts.length];
    int end = 0;
    for (int i = 0; i < counts.length; i++) {
      offsets[i] = (end + unit - 1) / unit * unit;
      end = Math.addExact(offsets[i], counts[i]);
    }
    this.length = end;
  }

  /**
   * Without gaps.
   *
   * @param counts floats of each tensor
   */
  public static FloatPlaces sideBySide(int... counts) {
    return new FloatPlaces(1, counts);
  }

  /**
   * Each at a multiple of 16 bytes from the beginning.
   *
   * @param counts floats of each tensor
   */
  public static FloatPlaces aligned(int... counts) {
    return new FloatPlaces(ALIGNED, counts);
  }

  /**
   * As a device computes with them: aligned on a GPU, side by side on the processor, which reads
   * what others have laid so.
   *
   * @param counts floats of each tensor
   */
  public static FloatPlaces on(ComputeDevice device, int... counts) {
    return device.isProcessor() ? sideBySide(counts) : aligned(counts);
  }

  /** How many tensors there are. */
  public int tensors() {
    return counts.length;
  }

  /** Where a tensor begins. */
  public int offset(int tensor) {
    return offsets[tensor];
  }

  /** How many floats it has. */
  public int count(int tensor) {
    return counts[tensor];
  }

  /** Floats from the beginning to the last one's end. */
  public int length() {
    return length;
  }

  /**
   * Values at these places, zeros in the gaps.
   *
   * @param values of all tensors, without gaps
   * @return the same array where there are no gaps
   */
  public float[] spread(float[] values) {
    int sum = Arrays.stream(counts).sum();
    if (values.length != sum) {
      throw new IllegalArgumentException("Values were " + values.length + ", needed " + sum);
    }
    if (sum == length) {
      return values;
    }
    float[] spread = new float[length];
    int from = 0;
    for (int i = 0; i < counts.length; i++) {
      System.arraycopy(values, from, spread, offsets[i], counts[i]);
      from += counts[i];
    }
    return spread;
  }
}
