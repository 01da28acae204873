package io.dicm.ams.compute;

import io.dicm.feature.device.ArrayCopies;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Copies floats by a crew: one thread alone has neither the memory's whole bandwidth nor, where the
 * memory is new, the time for all of its page faults. Immutable.
 *
 * @param crew not closed here
 */
public record CrewCopies(ComputeCrew crew) implements ArrayCopies {
  /** Fewer values, 256 KiB, are not worth a thread. */
  private static final int LEAST_VALUES = 1 << 16;

  /** A buffer over more finds no bytes. */
  private static final int MOST_VALUES = Integer.MAX_VALUE / Float.BYTES;

  @Override
  public void get(FloatPointer source, float[] target, int offset, int count) {
    if (count == 0) {
      return;
    }
    if (count > MOST_VALUES) {
      new FloatPointer(source).get(target, offset, count);
      return;
    }
    FloatBuffer floats = floats(source, count);
    crew.run(
        crew.pieces(
            count,
            LEAST_VALUES,
            (from, length) -> floats.get((int) from, target, offset + (int) from, (int) length)));
  }

  @Override
  public void put(float[] values, FloatPointer target, int count) {
    if (count == 0) {
      return;
    }
    if (count > MOST_VALUES) {
      new FloatPointer(target).put(values, 0, count);
      return;
    }
    FloatBuffer floats = floats(target, count);
    crew.run(
        crew.pieces(
            count,
            LEAST_VALUES,
            (from, length) -> floats.put((int) from, values, (int) from, (int) length)));
  }

  /** The same memory; the pointer's own limits stay as they are. */
  private static FloatBuffer floats(FloatPointer memory, int count) {
    return new FloatPointer(memory).limit(count).asBuffer();
  }
}
