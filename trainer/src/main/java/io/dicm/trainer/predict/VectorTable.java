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
    int row = keys.size();
    if (length != dimension || keys.add(key) != row) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot read "
              + file
              + ": key "
              + key
              + (length == dimension
                  ? " is there twice."
                  : " has a vector of " + length + " floats, needed " + dimension + "."));
    }
    if ((row + 1) * dimension > values.length) {
      values = Arrays.copyOf(values, Math.multiplyExact(values.length, 2));
    }
    for (int i = 0; i < dimension; i++) {
      values[row * dimension + i] = list.getGroup(0, i).getFloat(0, 0);
    }
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
