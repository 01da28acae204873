package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvHeader;
import io.dicm.trainer.input.CsvRow;
import io.dicm.trainer.input.CsvTable;
import io.dicm.trainer.input.FeatureKeys;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The users' feature keys in memory. A user without a row, or every user without a table, has the
 * feature {@code user_id} only.
 */
final class UserTable {
  private static final CsvHeader USER_ID_ONLY = new CsvHeader("user", List.of("user_id"));

  private final FeatureKeys keys;
  private final Map<String, long[][]> users = new HashMap<>();
  private long rows;

  private UserTable(FeatureSchema schema) {
    this.keys = new FeatureKeys(schema.userFields());
  }

  static UserTable load(Configuration conf, Path file, FeatureSchema schema, RejectedRows rejects)
      throws IOException {
    UserTable table = new UserTable(schema);
    if (file.getFileSystem(conf).exists(file)) {
      try (CsvTable csv = new CsvTable(conf, file)) {
        table.rows = csv.forEach(table::add, rejects);
      }
    }
    return table;
  }

  /** Rows of the file, bad ones included; 0 without a file. */
  long rows() {
    return rows;
  }

  /** The keys of a user, [user field][values]. */
  long[][] keys(String userId) {
    long[][] known = users.get(userId);
    return known == null ? withoutRow(userId) : known;
  }

  private void add(CsvRow row) throws BadRowException {
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
