package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvRow;
import io.dicm.trainer.input.CsvTable.RowConsumer;
import io.dicm.trainer.input.FeatureKeys;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.input.TableColumns;
import io.dicm.trainer.input.TableReader;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.input.TableScan;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The users' feature keys in memory. A user without a row, or every user without a table, has the
 * feature {@code user_id} only.
 */
final class UserTable {
  private static final TableColumns USER_ID_ONLY = new TableColumns("user", List.of("user_id"));

  private final FeatureKeys keys;
  private final Map<String, long[][]> users = new HashMap<>();
  private long rows;

  private UserTable(FeatureSchema schema) {
    this.keys = new FeatureKeys(schema.userFields());
  }

  /** Without a table. */
  static UserTable none(FeatureSchema schema) {
    return new UserTable(schema);
  }

  /**
   * @param used is given the rows that are used
   */
  static UserTable load(
      Configuration conf,
      TableScan scan,
      FeatureSchema schema,
      RejectedRows rejects,
      RowConsumer used)
      throws IOException {
    UserTable table = new UserTable(schema);
    table.rows =
        new TableReader(conf, scan)
            .forEach(
                row -> {
                  table.add(row);
                  used.accept(row);
                },
                rejects);
    return table;
  }

  /** Rows of the table, bad ones included; 0 without one. */
  long rows() {
    return rows;
  }

  /** The keys of a user, [user field][values]. */
  long[][] keys(String userId) {
    long[][] known = users.get(userId);
    return known == null ? withoutRow(userId) : known;
  }

  private void add(TableRow row) throws BadRowException {
    String userId = row.required("user_id");
    if (users.putIfAbsent(userId, keys.of(row)) != null) {
      throw new BadRowException(
          RowProblem.DUPLICATE_ID, "user '" + userId + "' has an earlier row");
    }
  }

  private long[][] withoutRow(String userId) {
    try {
      return keys.of(new CsvRow(USER_ID_ONLY, List.of(userId)));
    } catch (BadRowException e) {
      throw new IllegalStateException("One field for one column", e);
    }
  }
}
