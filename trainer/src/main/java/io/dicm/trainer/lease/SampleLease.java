package io.dicm.trainer.lease;

/**
 * Consecutive rows of a samples directory, within one row group of one file.
 *
 * @param fromRow first row, counted over all files in the order of their names
 * @param toRow row after the last one
 */
public record SampleLease(long fromRow, long toRow) {
  public SampleLease {
    if (fromRow < 0 || toRow <= fromRow) {
      throw new IllegalArgumentException("Rows of a lease were " + fromRow + " to " + toRow);
    }
  }

  /** How many rows it has, 1 or more. */
  public long rows() {
    return toRow - fromRow;
  }
}
