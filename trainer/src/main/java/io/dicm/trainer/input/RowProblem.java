package io.dicm.trainer.input;

import java.util.Locale;

/** Why a row of a table is left out. */
public enum RowProblem {
  /** Quotes that RFC 4180 does not allow. */
  BAD_QUOTING,
  /** More or fewer fields than the header. */
  WRONG_FIELD_COUNT,
  /** A field that must not be empty is. */
  MISSING_VALUE,
  /** Neither epoch seconds nor ISO 8601. */
  BAD_TIMESTAMP,
  /** Neither 0 nor 1. */
  BAD_LABEL,
  /** Not a number of seconds. */
  BAD_DWELL,
  /** Not a number, in a column of numbers. */
  BAD_NUMBER,
  /** Not an item of items.csv. */
  UNKNOWN_ITEM,
  /** A second row of one item or user. */
  DUPLICATE_ID;

  /** The name in counters, manifests and rejects files. */
  public String reason() {
    return name().toLowerCase(Locale.ROOT);
  }
}
