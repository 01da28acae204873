package io.dicm.hive;

import io.dicm.common.error.DicmException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * The partitions of a database's tables as Hive's catalog has them. A change that failed or whose
 * connection was lost is decided by reading the catalog again. Not safe for use by many threads.
 */
final class PartitionCatalog implements AutoCloseable {
  private final HiveSessions sessions;
  private final String database;
  private HiveStatements hive;

  /** Opens a session. */
  PartitionCatalog(HiveSessions sessions, String database) {
    this.sessions = sessions;
    this.database = database;
    this.hive = sessions.open();
  }

  /** Runs statements that may be run again, in order. */
  void apply(List<String> statements) throws SQLException {
    for (String statement : statements) {
      hive.execute(statement);
    }
  }

  /** The value of a table's property; empty when it has none. */
  Optional<String> tableProperty(HiveTable table, String property) throws SQLException {
    return property(name(table), property);
  }

  /** Sets a table's property. */
  void setTableProperty(HiveTable table, String property, String value) throws SQLException {
    hive.execute(
        "ALTER TABLE "
            + name(table)
            + " SET TBLPROPERTIES ("
            + HiveText.literal(property)
            + " = "
            + HiveText.literal(value)
            + ")");
  }

  /** Whether all tables are there, and {@code features} has the property with this value. */
  boolean hasTables(String property, String value) throws SQLException {
    try {
      Set<String> there =
          hive.query("SHOW TABLES IN " + HiveText.identifier(database)).rows().stream()
              .map(row -> row.get(0).strip())
              .collect(Collectors.toSet());
      return Arrays.stream(HiveTable.values()).allMatch(one -> there.contains(one.tableName()))
          && tableProperty(HiveTable.FEATURES, property).equals(Optional.of(value));
    } catch (HiveConnectionLostException e) {
      throw e;
    } catch (SQLException noDatabase) {
      return false;
    }
  }

  /** Whether database and table are there. */
  boolean has(HiveTable table) throws SQLException {
    return hive.query("SHOW DATABASES").rows().stream()
            .anyMatch(row -> row.get(0).strip().equalsIgnoreCase(database))
        && hive.query("SHOW TABLES IN " + HiveText.identifier(database)).rows().stream()
            .anyMatch(row -> row.get(0).strip().equals(table.tableName()));
  }

  /** The names of the database's views. */
  Set<String> views() throws SQLException {
    return hive.query("SHOW VIEWS IN " + HiveText.identifier(database)).rows().stream()
        .map(row -> row.get(0).strip())
        .collect(Collectors.toSet());
  }

  /** The value of a view's property; empty when it has none. */
  Optional<String> viewProperty(String view, String property) throws SQLException {
    return property(HiveText.identifier(database) + "." + HiveText.identifier(view), property);
  }

  private Optional<String> property(String tableOrView, String property) throws SQLException {
    return hive.query("SHOW TBLPROPERTIES " + tableOrView).rows().stream()
        .filter(row -> row.get(0).equals(property))
        .map(row -> row.get(1))
        .findFirst();
  }

  /** Where the partition's data lies; empty when there is no such partition. */
  Optional<Path> location(TablePartition partition) throws SQLException {
    String clause = name(partition.table()) + " " + partition.clause();
    if (hive.query("SHOW PARTITIONS " + clause).rows().isEmpty()) {
      return Optional.empty();
    }
    return hive.query("DESCRIBE FORMATTED " + clause).rows().stream()
        .filter(row -> row.get(0).strip().equals("Location:"))
        .map(row -> new Path(row.get(1).strip()))
        .findFirst();
  }

  /** Adds the partition unless it is there. */
  ChangeOutcome add(TablePartition partition) {
    return change(
        "ALTER TABLE "
            + name(partition.table())
            + " ADD IF NOT EXISTS "
            + partition.clause()
            + " LOCATION "
            + HiveText.literal(partition.location().toString()),
        partition,
        Optional.of(partition.location()));
  }

  /** Points the partition, which is there, at its new location. */
  ChangeOutcome move(TablePartition partition) {
    return change(
        "ALTER TABLE "
            + name(partition.table())
            + " "
            + partition.clause()
            + " SET LOCATION "
            + HiveText.literal(partition.location().toString()),
        partition,
        Optional.of(partition.location()));
  }

  /** Removes the partition from the catalog; its data stays, as the tables are external. */
  ChangeOutcome drop(TablePartition partition) {
    return change(
        "ALTER TABLE " + name(partition.table()) + " DROP IF EXISTS " + partition.clause(),
        partition,
        Optional.empty());
  }

  private ChangeOutcome change(
      String statement, TablePartition partition, Optional<Path> wantedLocation) {
    try {
      hive.execute(statement);
      return new ChangeOutcome.Done();
    } catch (HiveConnectionLostException e) {
      return reconnectAndDecide(e, statement, partition, wantedLocation);
    } catch (SQLException e) {
      return decide(e, partition, wantedLocation);
    }
  }

  /** Runs the statement once more where it had no effect: every change may be run again. */
  private ChangeOutcome reconnectAndDecide(
      SQLException lost,
      String statement,
      TablePartition partition,
      Optional<Path> wantedLocation) {
    try {
      hive.close();
      hive = sessions.open();
      if (!location(partition).equals(wantedLocation)) {
        hive.execute(statement);
      }
      return new ChangeOutcome.Done();
    } catch (HiveConnectionLostException | DicmException again) {
      lost.addSuppressed(again);
      return new ChangeOutcome.Unknown(lost);
    } catch (SQLException refused) {
      return decide(refused, partition, wantedLocation);
    }
  }

  /** Hive refuses too when its metastore did not answer in time: only the catalog knows. */
  private ChangeOutcome decide(
      SQLException refused, TablePartition partition, Optional<Path> wantedLocation) {
    try {
      return location(partition).equals(wantedLocation)
          ? new ChangeOutcome.Done()
          : new ChangeOutcome.Failed(refused);
    } catch (SQLException again) {
      refused.addSuppressed(again);
      return new ChangeOutcome.Unknown(refused);
    }
  }

  private String name(HiveTable table) {
    return HiveText.identifier(database) + "." + HiveText.identifier(table.tableName());
  }

  @Override
  public void close() {
    hive.close();
  }
}
