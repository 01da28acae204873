package io.dicm.hive;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * Where the data of a table of Hive lies.
 *
 * @param table database.table
 * @param parts its partitions that were chosen, or the table itself when it has none
 */
public record HiveTableFiles(String table, List<Part> parts) {
  public HiveTableFiles {
    parts = List.copyOf(parts);
  }

  /**
   * One directory.
   *
   * @param location as Hive has it
   * @param inputFormat the class by which Hive reads it
   * @param values the partition's columns; empty for a table without partitions
   */
  public record Part(Path location, String inputFormat, Map<String, String> values) {
    public Part {
      values = Map.copyOf(values);
    }
  }
}
