package io.dicm.trainer.input;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a table. Immutable. */
public final class TableColumns {
  private final String table;
  private final List<String> columns;
  private final Map<String, Integer> positions = new HashMap<>();

  /**
   * @param table the file, for messages
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} when a column is there twice
   */
  public TableColumns(String table, List<String> columns) {
    this.table = table;
    this.columns = List.copyOf(columns);
    for (String column : columns) {
      if (positions.put(column, positions.size()) != null) {
        throw invalid("column '" + column + "' is there twice");
      }
    }
  }

  public List<String> names() {
    return columns;
  }

  public boolean has(String column) {
    return positions.containsKey(column);
  }

  /**
   * Refuses a table that lacks columns.
   *
   * @throws DicmException {@link ErrorCode#INPUT_INVALID}, naming file and columns
   */
  public void require(List<String> needed) {
    List<String> missing = needed.stream().filter(column -> !has(column)).toList();
    if (!missing.isEmpty()) {
      throw invalid(
          "it has no column "
              + String.join(", ", missing)
              + "; its columns are "
              + String.join(",", columns));
    }
  }

  /** Position of a column, or -1. */
  int position(String column) {
    return positions.getOrDefault(column, -1);
  }

  private DicmException invalid(String why) {
    return new DicmException(ErrorCode.INPUT_INVALID, "Cannot use " + table + ": " + why + ".");
  }
}
