package io.dicm.trainer.predict;

import io.dicm.ams.table.KeyIndex;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;

/** Vectors of one length by 64-bit key, in one growing array. Filled by one thread, read by any. */
final class VectorTable {
  private static final int FIRST_ROWS = 1024;

  private final int dimension;
  private final KeyIndex keys = new KeyIndex(FIRST_ROWS);
  private float[] values;

  VectorTable(int dimension) {
    this.dimension = dimension;
    this.values = new float[FIRST_ROWS * dimension];
  }

  int size() {
    return keys.size();
  }

  boolean has(long key) {
    return keys.rowOf(key) != KeyIndex.ABSENT;
  }

  /**
   * Adds the list column of a row.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when the list has another length or the
   *     key came before
   */
  void add(Path file, long key, Group list) {
    int length = list.getFieldRepetitionCount(0);
    if (length != dimension) {
      throw unreadable(
          file, key, "has a vector of " + length + " floats, needed " + dimension + ".");
    }
    int offset = newRow(file, key);
    for (int i = 0; i < dimension; i++) {
      values[offset + i] = list.getGroup(0, i).getFloat(0, 0);
    }
  }

  /**
   * Adds the vector that begins at {@code from} in an array.
   *
   * @param source what it is from, for messages
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when the key came before
   */
  void add(Path source, long key, float[] vectors, int from) {
    int offset = newRow(source, key);
    System.arraycopy(vectors, from, values, offset, dimension);
  }

  /** Where the vector of a new key lies. */
  private int newRow(Path source, long key) {
    int row = keys.size();
    if (keys.add(key) != row) {
      throw unreadable(source, key, "is there twice.");
    }
    if ((row + 1) * dimension > values.length) {
      values = Arrays.copyOf(values, Math.multiplyExact(values.length, 2));
    }
    return row * dimension;
  }

  private static DicmException unreadable(Path source, long key, String why) {
    return new DicmException(
        ErrorCode.STORE_CORRUPT, "Cannot read " + source + ": key " + key + " " + why);
  }

  /**
   * The vectors of these keys, [keys, dimension].
   *
   * @param absent fills in for a key that is not there
   */
  float[] gather(long[] wanted, AbsentVector absent) {
    float[] gathered = new float[wanted.length * dimension];
    for (int i = 0; i < wanted.length; i++) {
      int row = keys.rowOf(wanted[i]);
      if (row == KeyIndex.ABSENT) {
        absent.fill(wanted[i], gathered, i * dimension);
      } else {
        System.arraycopy(values, row * dimension, gathered, i * dimension, dimension);
      }
    }
    return gathered;
  }

  /** Gives the vector of a key that the table does not have. */
  @FunctionalInterface
  interface AbsentVector {
    void fill(long key, float[] target, int offset);
  }
}
