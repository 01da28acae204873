package io.dicm.ams.optimizer;

import java.util.Arrays;

/**
 * Values under training and what their optimiser keeps beside each. Not safe for use by many
 * threads.
 *
 * @param values under training
 * @param slots one array for each of the optimiser's slots, as long as the values
 */
public record OptimizerState(float[] values, float[][] slots) {
  public OptimizerState {
    for (float[] slot : slots) {
      if (slot.length != values.length) {
        throw new IllegalArgumentException(
            "A slot has " + slot.length + " values, needed " + values.length);
      }
    }
  }

  /** Starts from {@code values}, which are used in place. */
  public static OptimizerState startingAt(float[] values, Optimizer optimizer) {
    float[][] slots = new float[optimizer.slots().size()][values.length];
    for (int slot = 0; slot < slots.length; slot++) {
      Arrays.fill(slots[slot], optimizer.initial(slot));
    }
    return new OptimizerState(values, slots);
  }

  /** The number of values. */
  public int length() {
    return values.length;
  }

  /** The same, apart from this one. */
  public OptimizerState copy() {
    return range(0, values.length);
  }

  /** A copy of the values {@code from .. to - 1} and their slots. */
  public OptimizerState range(int from, int to) {
    float[][] parts = new float[slots.length][];
    for (int slot = 0; slot < parts.length; slot++) {
      parts[slot] = Arrays.copyOfRange(slots[slot], from, to);
    }
    return new OptimizerState(Arrays.copyOfRange(values, from, to), parts);
  }

  /** Overwrites values and slots from {@code offset} on with {@code length} of another's first. */
  public void copyFrom(OptimizerState other, int offset, int length) {
    System.arraycopy(other.values, 0, values, offset, length);
    for (int slot = 0; slot < slots.length; slot++) {
      System.arraycopy(other.slots[slot], 0, slots[slot], offset, length);
    }
  }
}
