package io.dicm.trainer.input;

import java.util.Arrays;
import java.util.List;

/** One data row of a CSV table; a column with several values separates them by {@code |}. */
public final class CsvRow implements TableRow {
  private final TableColumns columns;
  private final List<String> fields;

  /**
   * @throws BadRowException {@link RowProblem#WRONG_FIELD_COUNT}
   */
  public CsvRow(TableColumns columns, List<String> fields) throws BadRowException {
    if (fields.size() != columns.names().size()) {
      throw new BadRowException(
          RowProblem.WRONG_FIELD_COUNT,
          fields.size() + " fields, the header has " + columns.names().size());
    }
    this.columns = columns;
    this.fields = fields;
  }

  @Override
  public String value(String column) {
    int position = columns.position(column);
    return position < 0 ? "" : fields.get(position).trim();
  }

  @Override
  public List<String> values(String column) {
    return Arrays.stream(value(column).split("\\|"))
        .map(String::trim)
        .filter(value -> !value.isEmpty())
        .toList();
  }
}
