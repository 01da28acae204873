package io.dicm.trainer.sample;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The items that training draws to set them against what a user clicked, each by the keys that a
 * click on it has, and in proportion to its clicks: {@code catalogue/} of a samples directory.
 * Immutable.
 */
public final class ItemCatalogue {
  /** The files' directory below the samples directory. */
  public static final String DIRECTORY = "catalogue";

  /** The most items that are kept; about 20 MB of a worker's memory with two behaviour fields. */
  public static final int MOST_ITEMS = 1 << 18;

  /** No items. */
  public static final ItemCatalogue EMPTY = new ItemCatalogue(List.of());

  private static final String KEYS = "behavior_keys";
  private static final String CLICKS = "train_clicks";
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message item {
            required int64 train_clicks;
            required group behavior_keys (LIST) {
              repeated group list {
                required int64 element;
              }
            }
          }
          """);

  private final List<Item> items;
  private final long[] clicksUntil;

  /**
   * An item to draw.
   *
   * @param keys [behaviour field]; {@code Fingerprints.NONE} where it has none
   * @param clicks on it in training, at least 1
   */
  public record Item(long[] keys, long clicks) {}

  private ItemCatalogue(List<Item> items) {
    this.items = List.copyOf(items);
    this.clicksUntil = new long[items.size()];
    long sum = 0;
    for (int i = 0; i < clicksUntil.length; i++) {
      sum += items.get(i).clicks();
      clicksUntil[i] = sum;
    }
  }

  /** A catalogue from memory. */
  public static ItemCatalogue of(List<Item> items) {
    return new ItemCatalogue(items);
  }

  /**
   * Loads the catalogue of a samples directory, the one above {@code train/} and {@code test/}.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} as of {@link #require}
   */
  public static ItemCatalogue load(Configuration conf, Path samples) throws IOException {
    require(conf, samples);
    List<Item> items = new ArrayList<>();
    for (FileStatus file : ParquetTables.files(conf, new Path(samples, DIRECTORY))) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> items.add(new Item(keys(row.getGroup(KEYS, 0)), row.getLong(CLICKS, 0))));
    }
    return new ItemCatalogue(items);
  }

  /**
   * Checks that samples have a catalogue, without reading it.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when they have none, as those made by
   *     earlier versions
   */
  public static void require(Configuration conf, Path samples) throws IOException {
    Path directory = new Path(samples, DIRECTORY);
    if (!directory.getFileSystem(conf).exists(directory)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot train on the samples in "
              + samples
              + ": they have no catalogue of items to draw from, there is no directory "
              + directory
              + ". They were made by an earlier version: make them anew with stage samples.");
    }
  }

  private static long[] keys(Group list) {
    long[] keys = new long[list.getFieldRepetitionCount(0)];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = list.getGroup(0, i).getLong(0, 0);
    }
    return keys;
  }

  /** Writes the catalogue into a samples directory that has none. */
  public void write(Configuration conf, Path samples) throws IOException {
    Path file = new Path(new Path(samples, DIRECTORY), ParquetTables.partName(0));
    try (ParquetTableWriter<Item> out =
        new ParquetTableWriter<>(
            conf,
            file,
            SCHEMA,
            (row, item) -> {
              RowFields.int64(row, CLICKS, 0, item.clicks());
              RowFields.longs(row, KEYS, 1, item.keys());
            })) {
      for (Item item : items) {
        out.write(item);
      }
    }
  }

  /** The number of items. */
  public int size() {
    return items.size();
  }

  /** An item by its number. */
  public Item item(int number) {
    return items.get(number);
  }

  /**
   * The number of an item, drawn in proportion to its clicks.
   *
   * @throws IllegalArgumentException for a catalogue without items
   */
  public int draw(SplittableRandom random) {
    long clicks = items.isEmpty() ? 0 : clicksUntil[clicksUntil.length - 1];
    // Item i has the clicks from clicksUntil[i - 1] + 1 to clicksUntil[i].
    int place = Arrays.binarySearch(clicksUntil, random.nextLong(clicks) + 1);
    return place >= 0 ? place : -place - 1;
  }
}
