package io.dicm.hive;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers published directories as partitions of Hive's external tables: all of a registration or
 * nothing. The registration's last partition makes the others visible: it is added after them, and
 * taken out before any of them is moved, so whoever reads through the views sees a run as it was,
 * not at all, or as it is now, also when HiveServer2 is lost on the way. May be run again at any
 * time, which completes what a lost one left. Safe for use by many threads.
 */
public final class HiveRegistrar {
  private static final Logger LOG = LoggerFactory.getLogger(HiveRegistrar.class);
  private static final String EXTRACTOR_PROPERTY = "dicm.extractor";

  private final Configuration conf;
  private final HiveSessions sessions;
  private final String database;

  /**
   * @param conf for the file systems of the locations
   * @param database made when it is not there
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a name that Hive cannot have
   */
  public HiveRegistrar(Configuration conf, HiveSessions sessions, String database) {
    this.conf = conf;
    this.sessions = sessions;
    this.database = HiveText.checkedIdentifier(database);
  }

  /**
   * Makes database, tables and views where they are missing and all partitions be at their
   * locations, and takes out those that are not to be. Files are never touched: readers of a
   * partition that moves end on the old ones. Views that cannot be made are only logged.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when a location is not published, {@link
   *     ErrorCode#SCHEMA_MISMATCH} when the table {@code features} holds another extractor's
   *     vectors, {@link ErrorCode#HIVE_FAILED} otherwise; no partition is then changed, or the
   *     message names those that are
   */
  public RegistrationResult register(Registration registration) {
    List<TablePartition> partitions = published(registration.partitions());
    List<String> ddl =
        HiveDdl.statements(
            database, qualified(registration.workspace()), registration.extractorId());
    try (PartitionCatalog catalog = new PartitionCatalog(sessions, database)) {
      if (!catalog.hasTables(HiveDdl.TABLES_PROPERTY, HiveDdl.TABLES_VERSION)) {
        catalog.apply(ddl);
      }
      checkExtractor(catalog, registration);
      RegistrationResult result = putAll(catalog, partitions, registration.absent());
      LOG.info(
          "Registered in Hive database {}: added {}, moved {}, unchanged {}, removed {}",
          database,
          result.added(),
          result.moved(),
          result.unchanged(),
          result.removed());
      new TableNotes(catalog).write(registration);
      new HiveViews(catalog, database).make();
      return result;
    } catch (SQLException e) {
      throw HiveFailures.failed("register in database " + database, sessions.address(), e);
    }
  }

  /**
   * Takes a run out of the views, until it is registered again; its files and other partitions
   * stay.
   *
   * @param date YYYY-MM-DD
   * @return whether it was registered
   * @throws DicmException {@link ErrorCode#HIVE_FAILED}
   */
  public boolean hide(String date, String run) {
    // Only a partition's values are looked at to remove it.
    TablePartition shown = TablePartition.of(HiveTable.RUNS, date, run, new Path("/"));
    try (PartitionCatalog catalog = new PartitionCatalog(sessions, database)) {
      if (!catalog.has(HiveTable.RUNS) || catalog.location(shown).isEmpty()) {
        return false;
      }
      ChangeOutcome outcome = catalog.drop(shown);
      if (outcome instanceof ChangeOutcome.Failed failed) {
        throw failed.cause();
      } else if (outcome instanceof ChangeOutcome.Unknown unknown) {
        throw unknown.cause();
      }
      LOG.info("{} is hidden until it is registered again", shown);
      return true;
    } catch (SQLException e) {
      throw HiveFailures.failed("hide run " + run + " of " + date, sessions.address(), e);
    }
  }

  private RegistrationResult putAll(
      PartitionCatalog catalog, List<TablePartition> partitions, List<TablePartition> absent)
      throws SQLException {
    PartitionChanges changes = new PartitionChanges(catalog, partitions, absent);
    for (PartitionChanges.Change change : changes.changes()) {
      ChangeOutcome outcome = change.action().get();
      if (outcome instanceof ChangeOutcome.Failed failed) {
        throw takenBack(changes, change.partition(), failed.cause());
      } else if (outcome instanceof ChangeOutcome.Unknown unknown) {
        throw takenBack(changes, change.partition(), unknown.cause());
      }
    }
    return changes.result();
  }

  private DicmException takenBack(
      PartitionChanges changes, TablePartition partition, SQLException cause) {
    List<TablePartition> left = changes.takeBack();
    String state =
        left.isEmpty()
            ? "nothing was registered"
            : "it is unknown whether these are registered: " + left + "; register again";
    return new DicmException(
        ErrorCode.HIVE_FAILED,
        "Cannot register "
            + partition
            + " in Hive at "
            + sessions.address()
            + ": "
            + HiveFailures.reason(cause)
            + "; "
            + state
            + ".",
        cause);
  }

  /** The partitions with scheme and authority in their locations, once all are complete. */
  private List<TablePartition> published(List<TablePartition> partitions) {
    List<TablePartition> published = new ArrayList<>();
    for (TablePartition partition : partitions) {
      Path location = qualified(partition.location());
      Path whole = partition.at(location).published();
      if (!isComplete(whole)) {
        throw new DicmException(
            ErrorCode.INPUT_MISSING,
            "Cannot register "
                + partition
                + ": "
                + whole
                + " has no "
                + DirectoryPublisher.SUCCESS
                + ". Run the stage that writes it first.");
      }
      published.add(partition.at(location));
    }
    return published;
  }

  private boolean isComplete(Path location) {
    try {
      return DirectoryPublisher.isComplete(conf, location);
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot look into " + location + ": " + e.getMessage(), e);
    }
  }

  private Path qualified(Path path) {
    try {
      return path.getFileSystem(conf).makeQualified(path);
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot reach the file system of " + path, e);
    }
  }

  /** Vectors of two extractors in one table would be compared with each other. */
  private void checkExtractor(PartitionCatalog catalog, Registration registration)
      throws SQLException {
    if (registration.partitions().stream().noneMatch(p -> p.table() == HiveTable.FEATURES)) {
      return;
    }
    Optional<String> extractor = catalog.tableProperty(HiveTable.FEATURES, EXTRACTOR_PROPERTY);
    if (!extractor.equals(Optional.of(registration.extractorId()))) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot register vectors of extractor "
              + registration.extractorId()
              + ": table "
              + database
              + ".features holds those of "
              + extractor.orElse("an unknown one")
              + ". Choose another "
              + DicmKeys.HIVE_DATABASE
              + ".");
    }
  }
}
