package io.dicm.trainer.input;

/** A row of a log table as a map task gets it, usable or not, with its place. Immutable. */
public final class TableRecord {
  private final String file;
  private final String unit;
  private final long position;
  private final TableRow row;
  private final BadRowException bad;

  private TableRecord(String file, String unit, long position, TableRow row, BadRowException bad) {
    this.file = file;
    this.unit = unit;
    this.position = position;
    this.row = row;
    this.bad = bad;
  }

  /**
   * A row.
   *
   * @param file what to call the file
   * @param unit what the position counts: bytes or rows
   * @param position where the row begins, from 0
   */
  public static TableRecord of(String file, String unit, long position, TableRow row) {
    return new TableRecord(file, unit, position, row, null);
  }

  /** A row that cannot be parsed. */
  public static TableRecord bad(String file, String unit, long position, BadRowException bad) {
    return new TableRecord(file, unit, position, null, bad);
  }

  /** File and place in it, for people. */
  public String place() {
    return file + " " + unit + " " + position;
  }

  /**
   * The row.
   *
   * @throws BadRowException when it cannot be parsed
   */
  public TableRow row() throws BadRowException {
    if (bad != null) {
      throw bad;
    }
    return row;
  }

  @Override
  public String toString() {
    return place();
  }
}
