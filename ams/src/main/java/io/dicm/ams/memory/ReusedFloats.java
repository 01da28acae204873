package io.dicm.ams.memory;

/**
 * An array that is used again by every step: a new one of millions of floats costs milliseconds of
 * zeros and page faults. For one thread.
 */
public final class ReusedFloats {
  /** Lengths differ a little from step to step. */
  private static final int SPARE_PART = 8;

  private float[] values = {};

  /**
   * The array, with whatever is in it.
   *
   * @return at least so long; until the next call
   */
  public float[] atLeast(int length) {
    if (values.length < length) {
      // The old one need not stay until the new one is there.
      values = null;
      values =
          new float[(int) Math.min(Integer.MAX_VALUE - 8, length + (long) length / SPARE_PART)];
    }
    return values;
  }
}
