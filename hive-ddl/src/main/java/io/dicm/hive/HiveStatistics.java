package io.dicm.hive;

import io.dicm.common.error.DicmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets Hive count what registered partitions have, so that it plans joins well. Statistics are
 * never worth a failure: what goes wrong is only logged. Safe for use by many threads.
 */
public final class HiveStatistics {
  private static final Logger LOG = LoggerFactory.getLogger(HiveStatistics.class);

  /** Types of whose columns Hive gathers statistics; of others it refuses. */
  private static final Set<String> PLAIN =
      Set.of("string", "int", "bigint", "double", "float", "boolean");

  private final HiveSessions sessions;
  private final String database;
  private final StatisticsKind kind;

  /**
   * @throws DicmException {@link io.dicm.common.error.ErrorCode#CONFIGURATION_INVALID} for a name
   *     that Hive cannot have
   */
  public HiveStatistics(HiveSessions sessions, String database, StatisticsKind kind) {
    this.sessions = sessions;
    this.database = HiveText.checkedIdentifier(database);
    this.kind = kind;
  }

  /**
   * Gathers those of the partitions that a registration added or moved, and of the run's others,
   * whose files may be new ones too.
   *
   * @return for how many partitions Hive has them now
   */
  public int gather(RegistrationResult registered) {
    List<TablePartition> partitions = new ArrayList<>(registered.added());
    partitions.addAll(registered.moved());
    registered.unchanged().stream()
        .filter(partition -> partition.table() != HiveTable.FEATURES)
        .forEach(partitions::add);
    if (kind == StatisticsKind.NONE) {
      return 0;
    }
    try (HiveStatements hive = sessions.open()) {
      int gathered = 0;
      for (TablePartition partition : partitions) {
        gathered += gather(hive, partition) ? 1 : 0;
      }
      return gathered;
    } catch (DicmException | HiveConnectionLostException e) {
      LOG.warn("No statistics in Hive database {}: {}", database, HiveFailures.reason(e));
      return 0;
    }
  }

  private boolean gather(HiveStatements hive, TablePartition partition)
      throws HiveConnectionLostException {
    try {
      String table =
          HiveText.identifier(database) + "." + HiveText.identifier(partition.table().tableName());
      String statement =
          "ANALYZE TABLE " + table + " " + partition.clause() + " COMPUTE STATISTICS";
      hive.execute(statement);
      if (kind == StatisticsKind.COLUMNS) {
        hive.execute(statement + " FOR COLUMNS " + plainColumns(hive, table, partition.table()));
      }
      return true;
    } catch (HiveConnectionLostException e) {
      throw e; // The others would fail for the same reason.
    } catch (SQLException e) {
      LOG.warn("No statistics of {} in Hive: {}", partition, HiveFailures.reason(e));
      return false;
    }
  }

  private static String plainColumns(HiveStatements hive, String name, HiveTable table)
      throws SQLException {
    // The partition columns come twice: among the others and below a heading of their own.
    return hive.query("DESCRIBE " + name).rows().stream()
        .filter(column -> PLAIN.contains(column.get(1).strip()))
        .map(column -> column.get(0).strip())
        .filter(column -> !table.partitionColumns().contains(column))
        .map(HiveText::identifier)
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
