package io.dicm.trainer.samplejob;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.TableFinder;
import io.dicm.trainer.input.TablePart;
import io.dicm.trainer.input.TableReader;
import io.dicm.trainer.input.TableScan;
import io.dicm.trainer.input.TableScans;
import io.dicm.trainer.input.TableSource;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * An input whose tables were found and checked to have the columns that the schema needs.
 *
 * @param tables those that are there
 */
public record SampleInput(InputLayout layout, FeatureSchema schema, TableScans tables) {

  /**
   * @throws DicmException {@link ErrorCode#INPUT_MISSING}, {@link ErrorCode#INPUT_INVALID}, {@link
   *     ErrorCode#CONFIGURATION_INVALID} or {@link ErrorCode#FEATURES_JSON_INVALID}
   */
  public static SampleInput check(Configuration conf, InputLayout layout) throws IOException {
    requireDirectory(conf, layout.root());
    FeatureSchema schema = FeatureSchema.read(conf, layout.features());
    TableFinder finder = new TableFinder(conf, layout);
    Optional<TableSource> behaviors = finder.find(InputTable.BEHAVIORS);
    DwellFilter dwell = new DwellFilter(SampleSettings.of(conf).minDwellSeconds());
    InputTable clicks = behaviors.isPresent() ? InputTable.BEHAVIORS : InputTable.IMPRESSIONS;
    InputColumns columns = new InputColumns(schema, dwell.columns(clicks));
    List<TableScan> scans = new ArrayList<>();
    scans.add(checked(conf, InputTable.ITEMS, finder.require(InputTable.ITEMS), columns));
    Optional<TableSource> users = finder.find(InputTable.USERS);
    if (users.isPresent()) {
      scans.add(checked(conf, InputTable.USERS, users.get(), columns));
    } else {
      requireNoUsers(layout, schema.userFields());
    }
    scans.add(
        checked(conf, InputTable.IMPRESSIONS, finder.require(InputTable.IMPRESSIONS), columns));
    if (behaviors.isPresent()) {
      scans.add(checked(conf, InputTable.BEHAVIORS, behaviors.get(), columns));
    }
    requireDifferentFiles(scans);
    TableScans tables = new TableScans(scans);
    dwell.requireColumn(new TableReader(conf, tables.get(clicks)));
    return new SampleInput(layout, schema, tables);
  }

  /** What to call a table: the file of {@code items.csv}, for example. */
  String name(InputTable table) {
    return tables.get(table).source().name();
  }

  private static TableScan checked(
      Configuration conf, InputTable table, TableSource source, InputColumns columns)
      throws IOException {
    TableScan scan = new TableScan(table, source, columns.read(table));
    new TableReader(conf, scan).requireColumns(columns.required(table));
    return scan;
  }

  /** A job reads each file for one table: which rows are which could not be told. */
  private static void requireDifferentFiles(List<TableScan> scans) {
    Map<String, TableScan> seen = new HashMap<>();
    for (TableScan scan : scans) {
      for (TablePart part : scan.source().parts()) {
        TableScan other = seen.put(part.location(), scan);
        if (other != null) {
          throw new DicmException(
              ErrorCode.INPUT_INVALID,
              "Cannot use "
                  + part.location()
                  + " as "
                  + scan.table().baseName()
                  + ": it is the table of "
                  + other.table().baseName()
                  + " already.");
        }
      }
    }
  }

  private static void requireDirectory(Configuration conf, Path root) throws IOException {
    if (!root.getFileSystem(conf).exists(root)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot read the input: there is no directory " + root + ".");
    }
  }

  private static void requireNoUsers(InputLayout layout, List<FeatureField> fields) {
    if (fields.stream().anyMatch(field -> !field.name().equals("user_id"))) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read "
              + layout.users()
              + ": there is no such file, but features.json has user features beside user_id.");
    }
  }
}
