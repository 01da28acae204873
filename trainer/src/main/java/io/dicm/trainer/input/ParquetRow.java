package io.dicm.trainer.input;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** One row of a Parquet file, with the columns that were asked for. */
final class ParquetRow implements TableRow {
  private final Set<String> wanted;
  private final Map<String, List<String>> cells;
  private final Set<String> lists;

  /**
   * @param wanted the columns that were asked for
   * @param cells the values by column; no value where it is null
   * @param lists the columns that are lists
   */
  ParquetRow(Set<String> wanted, Map<String, List<String>> cells, Set<String> lists) {
    this.wanted = wanted;
    this.cells = cells;
    this.lists = lists;
  }

  /** The value; of a list its values as CSV has them. */
  @Override
  public String value(String column) {
    return String.join("|", cells(column)).trim();
  }

  /** The values; a column that is no list separates them by {@code |} as CSV does. */
  @Override
  public List<String> values(String column) {
    return cells(column).stream()
        .flatMap(
            cell -> lists.contains(column) ? Stream.of(cell) : Arrays.stream(cell.split("\\|")))
        .map(String::trim)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  private List<String> cells(String column) {
    if (!wanted.contains(column)) {
      throw new IllegalStateException("Column " + column + " is not among those that are read");
    }
    return cells.getOrDefault(column, List.of());
  }
}
