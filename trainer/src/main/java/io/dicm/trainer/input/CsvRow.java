package io.dicm.trainer.input;

import java.util.Arrays;
import java.util.List;

/** One data row of a CSV table. */
public final class CsvRow {
  private final CsvHeader header;
  private final List<String> fields;

  /**
   * @throws BadRowException {@link RowProblem#WRONG_FIELD_COUNT}
   */
  public CsvRow(CsvHeader header, List<String> fields) throws BadRowException {
    if (fields.size() != header.columns().size()) {
      throw new BadRowException(
          RowProblem.WRONG_FIELD_COUNT,
          fields.size() + " fields, the header has " + header.columns().size());
    }
    this.header = header;
    this.fields = fields;
  }

  /** The trimmed value, or the empty string when the table has no such column. */
  public String value(String column) {
    int position = header.position(column);
    return position < 0 ? "" : fields.get(position).trim();
  }

  /**
   * The trimmed value, which must not be empty.
   *
   * @throws BadRowException {@link RowProblem#MISSING_VALUE}
   */
  public String required(String column) throws BadRowException {
    String value = value(column);
    if (value.isEmpty()) {
      throw new BadRowException(RowProblem.MISSING_VALUE, column + " is empty");
    }
    return value;
  }

  /** The values of a column with several, separated by {@code |}; empty ones are left out. */
  public List<String> values(String column) {
    return Arrays.stream(value(column).split("\\|"))
        .map(String::trim)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /**
   * A column's moment, seconds since 1970 UTC.
   *
   * @throws BadRowException {@link RowProblem#MISSING_VALUE} or {@link RowProblem#BAD_TIMESTAMP}
   */
  public long timestampSeconds(String column) throws BadRowException {
    return Timestamps.parseSeconds(required(column));
  }
}
