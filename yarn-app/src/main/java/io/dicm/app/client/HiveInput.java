package io.dicm.app.client;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.hive.HiveSessions;
import io.dicm.hive.HiveTableFiles;
import io.dicm.hive.HiveTableFinder;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.PartitionPruning;
import io.dicm.trainer.input.TableFinder;
import io.dicm.trainer.input.TableFormat;
import io.dicm.trainer.input.TablePart;
import io.dicm.trainer.input.TableSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Finds the files of the input's tables that Hive has and writes their locations into the
 * configuration, so that nothing else of a run needs Hive. For one thread.
 */
public final class HiveInput {
  private static final String PARQUET = "Parquet";

  private final Configuration conf;
  private final HiveTableFinder tables;

  /**
   * @param conf gets the locations
   */
  HiveInput(Configuration conf, HiveSessions sessions) {
    this.conf = conf;
    this.tables = new HiveTableFinder(sessions);
  }

  /**
   * Looks for the tables that {@code dicm.input.*} names, if any; without one Hive is not asked.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} without {@code
   *     dicm.hive.jdbc-url}; {@link ErrorCode#INPUT_INVALID} for tables that are not stored as
   *     Parquet; as {@link HiveTableFinder#find} and {@link PartitionPruning#choose}
   */
  public static void locate(Configuration conf) throws IOException {
    for (InputTable table : InputTable.values()) {
      if (TableFinder.hiveTable(conf, table).isPresent()) {
        new HiveInput(conf, JdbcHiveSessions.of(DicmConfiguration.of(conf))).locateAll();
        return;
      }
    }
  }

  void locateAll() throws IOException {
    for (InputTable table : InputTable.values()) {
      Optional<String> name = TableFinder.hiveTable(conf, table);
      if (name.isPresent()) {
        TableFinder.tell(conf, table, source(table, name.get()));
      }
    }
  }

  private TableSource source(InputTable table, String name) throws IOException {
    PartitionPruning pruning = PartitionPruning.of(conf);
    HiveTableFiles files =
        tables.find(
            name, partitions -> pruning.choose(table, name, partitions, Function.identity()));
    List<TablePart> parts = new ArrayList<>();
    for (HiveTableFiles.Part part : files.parts()) {
      requireParquet(table, name, part);
      Path location = part.location();
      parts.add(
          new TablePart(
              location.getFileSystem(conf).makeQualified(location).toString(), part.values()));
    }
    if (table == InputTable.IMPRESSIONS && parts.get(0).partition().isEmpty()) {
      // The choice was not asked: it refuses days for a table without any.
      pruning.choose(table, name, parts, TablePart::partition);
    }
    return new TableSource(name, TableFormat.PARQUET, parts);
  }

  private static void requireParquet(InputTable table, String name, HiveTableFiles.Part part) {
    String format = format(part.inputFormat());
    if (!format.equals(PARQUET)) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot read table "
              + name
              + " of Hive ("
              + table.key()
              + "): "
              + part.location()
              + " is stored as "
              + format
              + ", needed "
              + PARQUET
              + ". Copy it: CREATE TABLE ... STORED AS PARQUET AS SELECT.");
    }
  }

  /** How people call a format, by the class that reads it. */
  private static String format(String inputFormat) {
    String simple = inputFormat.substring(inputFormat.lastIndexOf('.') + 1);
    return switch (simple) {
      case "MapredParquetInputFormat" -> PARQUET;
      case "OrcInputFormat" -> "ORC";
      case "AvroContainerInputFormat" -> "Avro";
      case "TextInputFormat" -> "text";
      case "SequenceFileInputFormat" -> "SequenceFile";
      default -> simple;
    };
  }
}
