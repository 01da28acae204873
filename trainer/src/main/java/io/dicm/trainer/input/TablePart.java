package io.dicm.trainer.input;

import java.util.Map;

/**
 * A file of a table, or a directory whose files are the table's.
 *
 * @param location with scheme and authority
 * @param partition columns whose values all its rows share, as Hive has them; empty: none
 */
public record TablePart(String location, Map<String, String> partition) {
  public TablePart {
    partition = Map.copyOf(partition);
  }

  /** Whether a file is, or lies in, this part. */
  boolean holds(String file) {
    return file.equals(location) || file.startsWith(location + "/");
  }
}
