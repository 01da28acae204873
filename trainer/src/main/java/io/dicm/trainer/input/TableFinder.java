package io.dicm.trainer.input;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds a table's files: in the input directory as {@code X.csv}, {@code X.parquet} or the
 * directory {@code X}, at the path of {@code dicm.input.X}, or where Hive has them. Immutable.
 */
public final class TableFinder {
  /** How a value of {@code dicm.input.X} begins that names a table of Hive. */
  public static final String HIVE = "hive:";

  private static final String LOCATIONS = "dicm.internal.input.";

  private final Configuration conf;
  private final InputLayout layout;
  private final PartitionPruning pruning;

  /**
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public TableFinder(Configuration conf, InputLayout layout) {
    this.conf = conf;
    this.layout = layout;
    this.pruning = PartitionPruning.of(conf);
  }

  /** Tells those who will use this configuration where Hive has a table. */
  public static void tell(Configuration conf, InputTable table, TableSource source) {
    conf.set(LOCATIONS + table.baseName(), new JsonFiles(conf).oneLine(source));
  }

  /** The table of Hive that is configured for a table, if one is. */
  public static Optional<String> hiveTable(Configuration conf, InputTable table) {
    String place = DicmConfiguration.of(conf).text(table.key());
    return place.startsWith(HIVE) ? Optional.of(place.substring(HIVE.length())) : Optional.empty();
  }

  /** Where tables lie that are not in the input directory: paths, and what was told of Hive. */
  public static List<Path> otherPlaces(Configuration conf) throws IOException {
    List<Path> places = new ArrayList<>();
    for (InputTable table : InputTable.values()) {
      String place = DicmConfiguration.of(conf).text(table.key());
      String told = conf.getRaw(LOCATIONS + table.baseName());
      if (place.startsWith(HIVE) && told != null) {
        places.addAll(new JsonFiles(conf).parse(told, TableSource.class).paths());
      } else if (!place.isEmpty() && !place.startsWith(HIVE)) {
        places.add(new Path(place));
      }
    }
    return places;
  }

  /**
   * The table.
   *
   * @throws DicmException as {@link #find}, {@link ErrorCode#INPUT_MISSING} when there is none
   */
  public TableSource require(InputTable table) throws IOException {
    return find(table)
        .orElseThrow(
            () -> {
              Path csv = file(table, TableFormat.CSV);
              return new DicmException(
                  ErrorCode.INPUT_MISSING,
                  "Cannot read "
                      + csv
                      + ": there is no such file, no "
                      + table.baseName()
                      + TableFormat.PARQUET.ending()
                      + " and no directory "
                      + table.baseName()
                      + " beside it; "
                      + table.key()
                      + " can name another place.");
            });
  }

  /**
   * The table, when there is one.
   *
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} when there are two, or when files are of
   *     another format, {@link ErrorCode#INPUT_MISSING} when the configured place or the days'
   *     partitions are not there, {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public Optional<TableSource> find(InputTable table) throws IOException {
    String place = DicmConfiguration.of(conf).text(table.key());
    if (place.startsWith(HIVE)) {
      return Optional.of(told(table, place));
    }
    return place.isEmpty() ? inLayout(table) : Optional.of(at(table, new Path(place)));
  }

  private TableSource told(InputTable table, String place) throws IOException {
    String locations = conf.getRaw(LOCATIONS + table.baseName());
    if (locations == null) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot read "
              + place
              + " ("
              + table.key()
              + "): nothing asked Hive for its files. Run a stage of the pipeline, with"
              + " dicm.hive.jdbc-url set.");
    }
    return new JsonFiles(conf).parse(locations, TableSource.class);
  }

  private Optional<TableSource> inLayout(InputTable table) throws IOException {
    List<Path> places = new ArrayList<>();
    for (Path place :
        List.of(
            file(table, TableFormat.CSV),
            file(table, TableFormat.PARQUET),
            new Path(layout.root(), table.baseName()))) {
      if (place.getFileSystem(conf).exists(place)) {
        places.add(place);
      }
    }
    if (places.size() > 1) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot read the "
              + table.baseName()
              + ": there are "
              + places.get(0)
              + " and "
              + places.get(1)
              + ". Keep one of them.");
    }
    return places.isEmpty() ? Optional.empty() : Optional.of(at(table, places.get(0)));
  }

  private TableSource at(InputTable table, Path path) throws IOException {
    FileSystem fs = path.getFileSystem(conf);
    Path place = fs.makeQualified(path);
    if (!fs.exists(place)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read the " + table.baseName() + ": there is no " + place + ".");
    }
    FileStatus status = fs.getFileStatus(place);
    String name = place.getName();
    TableDirectory directory = new TableDirectory(conf, name);
    List<TablePart> parts =
        pruning.choose(table, name, directory.parts(status), TablePart::partition);
    return new TableSource(name, directory.format(parts, place), parts);
  }

  private Path file(InputTable table, TableFormat format) {
    return new Path(layout.root(), table.baseName() + format.ending());
  }
}
