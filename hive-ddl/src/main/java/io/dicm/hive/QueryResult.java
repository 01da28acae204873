package io.dicm.hive;

import java.util.List;

/**
 * What a query returned.
 *
 * @param columns names, without the table's
 * @param rows values as text, {@code NULL} for none, as many in each as there are columns
 */
public record QueryResult(List<String> columns, List<List<String>> rows) {
  public QueryResult {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "Row of " + row.size() + " values under " + columns.size() + " columns");
      }
    }
  }

  /** The values of one column, in order of rows. */
  public List<String> column(String name) {
    int index = columns.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("There is no column " + name + " in " + columns);
    }
    return rows.stream().map(row -> row.get(index)).toList();
  }
}
