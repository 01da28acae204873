package io.dicm.trainer.input;

import java.util.List;
import java.util.OptionalDouble;

/** One data row of a table, whatever the table's format. For one thread. */
public interface TableRow {
  /** The trimmed value, or the empty string when there is none or the table has no such column. */
  String value(String column);

  /** The values of a column with several; empty ones are left out. */
  List<String> values(String column);

  /**
   * The trimmed value, which must not be empty.
   *
   * @throws BadRowException {@link RowProblem#MISSING_VALUE}
   */
  default String required(String column) throws BadRowException {
    String value = value(column);
    if (value.isEmpty()) {
      throw new BadRowException(RowProblem.MISSING_VALUE, column + " is empty");
    }
    return value;
  }

  /**
   * A column's moment, seconds since 1970 UTC.
   *
   * @throws BadRowException {@link RowProblem#MISSING_VALUE} or {@link RowProblem#BAD_TIMESTAMP}
   */
  default long timestampSeconds(String column) throws BadRowException {
    return Timestamps.parseSeconds(required(column));
  }

  /**
   * A column's number; nothing when it is empty.
   *
   * @throws BadRowException {@link RowProblem#BAD_NUMBER} when it is no number, or not a finite one
   */
  default OptionalDouble number(String column) throws BadRowException {
    String value = value(column);
    return value.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Numbers.parse(column, value));
  }
}
