package io.dicm.trainer.input;

import java.util.List;

/**
 * A table and which of its columns are needed; formats that can leave out the others do.
 *
 * @param table which it is
 * @param source where it is
 * @param columns names that rows are asked for; those that the table lacks are empty
 */
public record TableScan(InputTable table, TableSource source, List<String> columns) {
  public TableScan {
    columns = List.copyOf(columns);
  }
}
