package io.dicm.hive;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/**
 * One partition of one table: its values and the published directory it stands for.
 *
 * @param values one for each of the table's partition columns, in their order
 * @param location its files; {@link #published} has {@code _SUCCESS}
 */
public record TablePartition(HiveTable table, List<String> values, Path location) {
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9_-]+");

  public TablePartition {
    Objects.requireNonNull(location);
    values = List.copyOf(values);
    if (values.size() != table.partitionColumns().size()) {
      throw new IllegalArgumentException(
          table.tableName()
              + " is partitioned by "
              + table.partitionColumns()
              + ", given were "
              + values);
    }
    for (int i = 0; i < values.size(); i++) {
      check(table.partitionColumns().get(i), values.get(i));
    }
  }

  /** The partition of a table that is partitioned by day alone. */
  public static TablePartition of(HiveTable table, String date, Path location) {
    return new TablePartition(table, List.of(date), location);
  }

  /** The partition of a table that is partitioned by day and run. */
  public static TablePartition of(HiveTable table, String date, String run, Path location) {
    return new TablePartition(table, List.of(date, run), location);
  }

  /** The partition of a table that is partitioned by day, run and split. */
  public static TablePartition of(
      HiveTable table, String date, String run, String split, Path location) {
    return new TablePartition(table, List.of(date, run, split), location);
  }

  /** The directory whose {@code _SUCCESS} says that the partition is whole. */
  public Path published() {
    return table.isPublishedAbove() ? location.getParent() : location;
  }

  /** The partition as HiveQL names it: {@code PARTITION (`dt` = '2026-01-02', `run` = 'r1')}. */
  String clause() {
    return "PARTITION (" + pairs(" = ", ", ", true) + ")";
  }

  /** The partition as Hive lists it: {@code dt=2026-01-02/run=r1}. */
  public String name() {
    return pairs("=", "/", false);
  }

  TablePartition at(Path otherLocation) {
    return new TablePartition(table, values, otherLocation);
  }

  private String pairs(String equal, String separator, boolean quoted) {
    return IntStream.range(0, values.size())
        .mapToObj(
            i -> {
              String column = table.partitionColumns().get(i);
              return quoted
                  ? HiveText.identifier(column) + equal + HiveText.literal(values.get(i))
                  : column + equal + values.get(i);
            })
        .collect(Collectors.joining(separator));
  }

  private static void check(String column, String value) {
    boolean date = column.equals("dt");
    if (!(date ? DATE : RUN).matcher(value).matches()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot register partition "
              + column
              + ": was '"
              + value
              + "', allowed "
              + (date ? "is a day, YYYY-MM-DD." : "are letters, digits, '-' and '_'."));
    }
  }

  @Override
  public String toString() {
    return table.tableName() + "/" + name();
  }
}
