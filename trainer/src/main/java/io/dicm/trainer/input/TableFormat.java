package io.dicm.trainer.input;

/** How a table's files are written. */
public enum TableFormat {
  /** UTF-8 with a header, RFC 4180. */
  CSV(".csv"),
  /** Apache Parquet. */
  PARQUET(".parquet");

  private final String ending;

  TableFormat(String ending) {
    this.ending = ending;
  }

  /** The ending of its files' names. */
  public String ending() {
    return ending;
  }
}
