package io.dicm.trainer.sample;

import io.dicm.ams.table.KeyIndex;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * How often training shows each item and when the log first has it: {@code items/} of a samples
 * directory, in memory as arrays, at most 80 bytes an item. Filled by one thread, read by any.
 */
public final class ItemStatistics {
  /** The files' directory below the samples directory. */
  public static final String DIRECTORY = "items";

  private static final String FIELD = "item_id";
  private static final String SHOWN_EXPOSURES = "shown_exposures";
  private static final long SECONDS_PER_DAY = 86_400;
  private static final int FIRST_ROWS = 1024;
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message item {
            required binary item_id (STRING);
            required int64 train_exposures;
            required int64 train_clicks;
            required int64 shown_exposures;
            required int64 first_seen;
          }
          """);

  private final KeyIndex keys = new KeyIndex(FIRST_ROWS);
  private long[] trainExposures = new long[FIRST_ROWS];
  private long[] trainClicks = new long[FIRST_ROWS];
  private long[] shownExposures = new long[FIRST_ROWS];
  private long[] firstSeenSeconds = new long[FIRST_ROWS];

  private ItemStatistics() {}

  /**
   * Loads the statistics of a samples directory, the one above {@code train/} and {@code test/}.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when it has none, or some without all
   *     columns, as those made by earlier versions
   */
  public static ItemStatistics load(Configuration conf, Path samples) throws IOException {
    Path directory = new Path(samples, DIRECTORY);
    if (!directory.getFileSystem(conf).exists(directory)) {
      throw ofEarlierVersion(
          samples, "they have no statistics of their items, there is no directory " + directory);
    }
    ItemStatistics statistics = new ItemStatistics();
    forEach(conf, samples, statistics::add);
    return statistics;
  }

  /** Reads the statistics of a samples directory, item by item. */
  public static void forEach(
      Configuration conf, Path samples, BiConsumer<String, ItemCounts> consumer)
      throws IOException {
    for (FileStatus file : ParquetTables.files(conf, new Path(samples, DIRECTORY))) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> {
            if (!isTable(row.getType())) {
              throw ofEarlierVersion(
                  samples,
                  "the statistics of their items in "
                      + file.getPath()
                      + " have no column "
                      + SHOWN_EXPOSURES);
            }
            consumer.accept(itemId(row), counts(row));
          });
    }
  }

  /** Whether rows of this type are rows of {@code items/}. */
  public static boolean isTable(GroupType rows) {
    return rows.containsField(SHOWN_EXPOSURES);
  }

  /** The item of a row of {@code items/}. */
  public static String itemId(Group row) {
    return row.getString(FIELD, 0);
  }

  /** The counts of a row of {@code items/}. */
  public static ItemCounts counts(Group row) {
    return new ItemCounts(
        row.getLong("train_exposures", 0),
        row.getLong("train_clicks", 0),
        row.getLong(SHOWN_EXPOSURES, 0),
        row.getLong("first_seen", 0));
  }

  /** Statistics from memory. */
  public static ItemStatistics of(Map<String, ItemCounts> items) {
    ItemStatistics statistics = new ItemStatistics();
    items.forEach(statistics::add);
    return statistics;
  }

  /** Creates or replaces one file of {@code items/}, one row an item; for one thread. */
  public static ParquetTableWriter<Map.Entry<String, ItemCounts>> writer(
      Configuration conf, Path file) throws IOException {
    return new ParquetTableWriter<>(conf, file, SCHEMA, ItemStatistics::write);
  }

  /** The number of items. */
  public int size() {
    return keys.size();
  }

  /** Impressions of the item in the training samples; 0 for an unknown one. */
  public long trainExposures(String itemId) {
    int row = row(itemId);
    return row == KeyIndex.ABSENT ? 0 : trainExposures[row];
  }

  /** Clicked impressions of the item in the training samples; 0 for an unknown one. */
  public long trainClicks(String itemId) {
    int row = row(itemId);
    return row == KeyIndex.ABSENT ? 0 : trainClicks[row];
  }

  /**
   * Impressions of the item that training was shown: those of the training samples, those without a
   * click that down-sampling dropped, and those before the first day that is trained on, which
   * earlier runs trained on; 0 for an item that is held out or unknown.
   */
  public long shownExposures(String itemId) {
    int row = row(itemId);
    return row == KeyIndex.ABSENT ? 0 : shownExposures[row];
  }

  /**
   * Whole days of 86,400 s from the item's first impression in the log, whether a sample has it or
   * not, to this moment; 0 for an unknown item.
   */
  public int ageDays(String itemId, long timestampSeconds) {
    int row = row(itemId);
    long ageSeconds = row == KeyIndex.ABSENT ? 0 : timestampSeconds - firstSeenSeconds[row];
    return Math.toIntExact(Math.max(0, ageSeconds) / SECONDS_PER_DAY);
  }

  private int row(String itemId) {
    return keys.rowOf(Fingerprints.idKey(FIELD, itemId));
  }

  private void add(String itemId, ItemCounts counts) {
    int row = keys.add(Fingerprints.idKey(FIELD, itemId));
    if (row == KeyIndex.ABSENT) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot use the statistics of the items: item '" + itemId + "' is there twice.");
    }
    if (row == trainExposures.length) {
      trainExposures = Arrays.copyOf(trainExposures, 2 * row);
      trainClicks = Arrays.copyOf(trainClicks, 2 * row);
      shownExposures = Arrays.copyOf(shownExposures, 2 * row);
      firstSeenSeconds = Arrays.copyOf(firstSeenSeconds, 2 * row);
    }
    trainExposures[row] = counts.trainExposures();
    trainClicks[row] = counts.trainClicks();
    shownExposures[row] = counts.shownExposures();
    firstSeenSeconds[row] = counts.firstSeenSeconds();
  }

  private static void write(RecordConsumer out, Map.Entry<String, ItemCounts> item) {
    RowFields.string(out, FIELD, 0, item.getKey());
    RowFields.int64(out, "train_exposures", 1, item.getValue().trainExposures());
    RowFields.int64(out, "train_clicks", 2, item.getValue().trainClicks());
    RowFields.int64(out, SHOWN_EXPOSURES, 3, item.getValue().shownExposures());
    RowFields.int64(out, "first_seen", 4, item.getValue().firstSeenSeconds());
  }

  private static DicmException ofEarlierVersion(Path samples, String lack) {
    return new DicmException(
        ErrorCode.INPUT_MISSING,
        "Cannot use the samples in "
            + samples
            + ": "
            + lack
            + ". An earlier version made them: make the samples again.");
  }
}
