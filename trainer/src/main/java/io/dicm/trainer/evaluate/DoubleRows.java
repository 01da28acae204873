package io.dicm.trainer.evaluate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.io.Writable;

/** A job's output value: numbers, [rows][columns of the row]. */
public final class DoubleRows implements Writable {
  private double[][] rows;

  /** For Hadoop. */
  public DoubleRows() {
    this(new double[0][]);
  }

  DoubleRows(double[][] rows) {
    this.rows = rows;
  }

  double[][] rows() {
    return rows;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeInt(rows.length);
    for (double[] row : rows) {
      out.writeInt(row.length);
      for (double number : row) {
        out.writeDouble(number);
      }
    }
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    rows = new double[in.readInt()][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = new double[in.readInt()];
      for (int c = 0; c < rows[r].length; c++) {
        rows[r][c] = in.readDouble();
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DoubleRows same && Arrays.deepEquals(rows, same.rows);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(rows);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(rows);
  }
}
