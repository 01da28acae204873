package io.dicm.hive;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a {@link QueryResult} for people: aligned columns, numbers to the right. */
public final class TablePrinter {
  private static final String GAP = "  ";

  /** The header, a rule and one line a row, each ended by a line feed. */
  public String print(QueryResult result) {
    List<Column> columns =
        result.columns().stream().map(name -> Column.of(name, result.column(name))).toList();
    StringBuilder text = new StringBuilder();
    appendLine(text, columns, result.columns());
    appendLine(text, columns, columns.stream().map(column -> "-".repeat(column.width)).toList());
    result.rows().forEach(row -> appendLine(text, columns, row));
    return text.toString();
  }

  private static void appendLine(StringBuilder text, List<Column> columns, List<String> values) {
    String line =
        IntStream.range(0, columns.size())
            .mapToObj(i -> columns.get(i).padded(values.get(i)))
            .collect(Collectors.joining(GAP));
    text.append(line.stripTrailing()).append('\n');
  }

  private record Column(int width, boolean numeric) {
    static Column of(String name, List<String> values) {
      int width = values.stream().mapToInt(String::length).max().orElse(0);
      boolean numeric =
          values.stream().allMatch(value -> value.matches("NULL|-?[0-9.]+(E-?[0-9]+)?"));
      return new Column(Math.max(width, name.length()), numeric);
    }

    String padded(String value) {
      String padding = " ".repeat(width - value.length());
      return numeric ? padding + value : value + padding;
    }
  }
}
