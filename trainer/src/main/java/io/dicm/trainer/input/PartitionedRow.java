package io.dicm.trainer.input;

import java.util.List;
import java.util.Map;

/**
 * A row with the columns of its partition, which files do not repeat.
 *
 * @param row of the file
 * @param partition columns that count where the file has no value
 */
record PartitionedRow(TableRow row, Map<String, String> partition) implements TableRow {
  /** The row itself where the partition has no columns. */
  static TableRow of(TableRow row, Map<String, String> partition) {
    return partition.isEmpty() ? row : new PartitionedRow(row, partition);
  }

  @Override
  public String value(String column) {
    String value = row.value(column);
    return value.isEmpty() ? partition.getOrDefault(column, "") : value;
  }

  @Override
  public List<String> values(String column) {
    List<String> values = row.values(column);
    return values.isEmpty() && partition.containsKey(column)
        ? List.of(partition.get(column))
        : values;
  }
}
