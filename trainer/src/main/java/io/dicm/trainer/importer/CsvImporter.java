package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.importer.CsvMapping.Label;
import io.dicm.trainer.importer.CsvMapping.ListMapping;
import io.dicm.trainer.importer.CsvMapping.LogMapping;
import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvTable;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.input.TableRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Turns somebody's own CSV tables into the input layout, as a {@link CsvMapping} says. Tables are
 * read as streams; names of users, items and images are in memory, about 100 bytes each. A row that
 * cannot be used ends the import with file and line.
 */
public final class CsvImporter {
  private final Configuration conf;
  private final CsvMapping mapping;

  public CsvImporter(Configuration conf, CsvMapping mapping) {
    this.conf = conf;
    this.mapping = mapping;
  }

  /**
   * Imports and publishes.
   *
   * @param source the directory that the mapping's paths are relative to
   * @throws DicmException {@link ErrorCode#INPUT_MISSING}, {@link ErrorCode#INPUT_INVALID} or
   *     {@link ErrorCode#FEATURES_JSON_INVALID} naming file and line, column or feature, {@link
   *     ErrorCode#OUTPUT_EXISTS}
   */
  public ImportSummary run(Path source, ImportTarget target, ProgressListener progress)
      throws IOException, InterruptedException {
    try (DirectoryPublisher publisher = target.open(conf)) {
      InputLayout layout = new InputLayout(publisher.staging());
      new JsonFiles(conf).write(layout.features(), Map.of("features", mapping.features()));
      ImportTotals totals = new ImportTotals();
      writeImpressions(source, layout.impressions(), totals);
      if (mapping.behaviors() != null) {
        writeBehaviors(source, layout.behaviors(), totals.items());
      }
      if (mapping.users() != null) {
        writeList(source, mapping.users(), layout.users(), "user_id", null);
      }
      Set<String> images = imageIds(source, totals.items());
      PictureFolder pictures =
          mapping.images() == null
              ? PictureFolder.empty(conf)
              : PictureFolder.of(conf, new Path(source, mapping.images()), images);
      Set<String> pictured = mapping.images() == null ? images : pictures.items();
      long items =
          mapping.items() == null
              ? writeItemsOfLog(layout.items(), totals.items(), pictured)
              : writeList(source, mapping.items(), layout.items(), "item_id", pictured);
      if (mapping.images() != null) {
        pictures.copyTo(layout.images(), progress);
      }
      new ImportCheck(conf).check(layout);
      publisher.publish();
      return totals.summary(items, mapping.images() == null ? 0 : pictured.size());
    }
  }

  private void writeImpressions(Path source, Path to, ImportTotals totals) throws IOException {
    LogMapping log = mapping.impressions();
    Map<String, String> columns = new TreeMap<>(log.columns());
    List<String> header = new ArrayList<>(List.of("user_id", "item_id", "ts", "label"));
    if (log.impressionId() != null) {
      columns.put("impression_id", log.impressionId());
    }
    header.addAll(columns.keySet());
    MomentReader moments = new MomentReader(log.ts());
    forEach(
        source,
        log.file(),
        needed(log, columns),
        to,
        header,
        (row, out) -> {
          boolean click = isClick(log.label(), row);
          String user = name(row, log.userId());
          String item = name(row, log.itemId());
          totals.add(user, item, click);
          List<String> values =
              new ArrayList<>(
                  List.of(user, item, Long.toString(moments.seconds(row)), click ? "1" : "0"));
          columns.values().forEach(column -> values.add(oneLine(row.value(column))));
          out.row(values.toArray(String[]::new));
        });
  }

  private void writeBehaviors(Path source, Path to, Set<String> items) throws IOException {
    LogMapping log = mapping.behaviors();
    Map<String, String> columns = new TreeMap<>(log.columns());
    List<String> header = new ArrayList<>(List.of("user_id", "item_id", "ts"));
    header.addAll(columns.keySet());
    MomentReader moments = new MomentReader(log.ts());
    forEach(
        source,
        log.file(),
        needed(log, columns),
        to,
        header,
        (row, out) -> {
          if (log.label() == null || isClick(log.label(), row)) {
            String item = name(row, log.itemId());
            items.add(item);
            List<String> values =
                new ArrayList<>(
                    List.of(name(row, log.userId()), item, Long.toString(moments.seconds(row))));
            columns.values().forEach(column -> values.add(oneLine(row.value(column))));
            out.row(values.toArray(String[]::new));
          }
        });
  }

  /**
   * Writes items or users.
   *
   * @param pictured image_ids that are kept; null for users, who have none
   */
  private long writeList(
      Path source, ListMapping list, Path to, String idColumn, Set<String> pictured)
      throws IOException {
    Map<String, String> columns = new TreeMap<>(list.columns());
    List<String> header = new ArrayList<>(List.of(idColumn));
    if (pictured != null) {
      header.add("image_id");
    }
    header.addAll(columns.keySet());
    List<String> needed = new ArrayList<>(columns.values());
    needed.add(list.id());
    return forEach(
        source,
        list.file(),
        needed,
        to,
        header,
        (row, out) -> {
          List<String> values = new ArrayList<>(List.of(name(row, list.id())));
          if (pictured != null) {
            String image = imageId(list, row);
            values.add(pictured.contains(image) ? image : "");
          }
          columns.forEach((ours, theirs) -> values.add(values(list, ours, row.value(theirs))));
          out.row(values.toArray(String[]::new));
        });
  }

  private long writeItemsOfLog(Path to, Set<String> items, Set<String> pictured)
      throws IOException {
    try (CsvOutput out = new CsvOutput(conf, to, "item_id", "image_id")) {
      items.stream().sorted().forEach(item -> out.row(item, pictured.contains(item) ? item : ""));
    }
    return items.size();
  }

  /**
   * The image_ids that items have; of items of the log, their own names when there are pictures.
   */
  private Set<String> imageIds(Path source, Set<String> items) throws IOException {
    ListMapping list = mapping.items();
    if (list == null) {
      return mapping.images() == null ? Set.of() : items;
    }
    if (list.imageId() == null && mapping.images() == null) {
      return Set.of();
    }
    Set<String> images = new HashSet<>();
    Path file = new Path(source, list.file());
    try (CsvTable table = new CsvTable(conf, file, mapping.separatorCharacter())) {
      table.header().require(List.of(list.imageId() == null ? list.id() : list.imageId()));
      table.forEach(row -> images.add(imageId(list, row)), new StrictRows(file));
    }
    images.remove("");
    return images;
  }

  private static String imageId(ListMapping list, TableRow row) {
    return oneLine(row.value(list.imageId() == null ? list.id() : list.imageId()));
  }

  private static List<String> needed(LogMapping log, Map<String, String> columns) {
    List<String> needed = new ArrayList<>(columns.values());
    needed.addAll(List.of(log.userId(), log.itemId(), log.ts().column()));
    if (log.label() != null) {
      needed.add(log.label().column());
    }
    return needed;
  }

  private static boolean isClick(Label label, TableRow row) throws BadRowException {
    if (label.anyOf() != null) {
      return label.anyOf().contains(row.value(label.column()));
    }
    return row.number(label.column())
            .orElseThrow(
                () -> new BadRowException(RowProblem.MISSING_VALUE, label.column() + " is empty"))
        >= label.atLeast();
  }

  /** A value as our tables have it; of a list those between its separators. */
  private static String values(ListMapping list, String ours, String value) {
    String separator = list.lists().get(ours);
    if (separator == null) {
      return oneLine(value);
    }
    return Arrays.stream(value.split(Pattern.quote(separator)))
        .map(part -> oneLine(part).replace('|', '/'))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("|"));
  }

  private static String name(TableRow row, String column) throws BadRowException {
    return oneLine(row.required(column));
  }

  /** A row of a log is one line. */
  private static String oneLine(String value) {
    return value.replaceAll("\\s+", " ").strip();
  }

  private long forEach(
      Path source, String name, List<String> needed, Path to, List<String> header, RowWriter writer)
      throws IOException {
    Path file = new Path(source, name);
    try (CsvTable table = new CsvTable(conf, file, mapping.separatorCharacter());
        CsvOutput out = new CsvOutput(conf, to, header.toArray(String[]::new))) {
      table.header().require(needed);
      return table.forEach(row -> writer.write(row, out), new StrictRows(file));
    }
  }

  /** Turns a row of theirs into one of ours. */
  @FunctionalInterface
  private interface RowWriter {
    void write(TableRow row, CsvOutput out) throws BadRowException, IOException;
  }
}
