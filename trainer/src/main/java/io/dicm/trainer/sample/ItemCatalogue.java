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
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The items that training may draw to set them against what a user clicked, each by the keys that a
 * click on it has: {@code catalogue/} of a samples directory. Immutable.
 */
public final class ItemCatalogue {
  /** The files' directory below the samples directory. */
  public static final String DIRECTORY = "catalogue";

  /** More would not make draws more alike, but memory of every worker. */
  public static final int MOST_ITEMS = 1 << 18;

  /** No items. */
  public static final ItemCatalogue EMPTY = new ItemCatalogue(List.of());

  private static final String FIELD = "behavior_keys";
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message item {
            required group behavior_keys (LIST) {
              repeated group list {
                required int64 element;
              }
            }
          }
          """);

  private final long[][] items;

  private ItemCatalogue(List<long[]> items) {
    this.items = items.toArray(long[][]::new);
  }

  /**
   * A catalogue from memory.
   *
   * @param items of each its keys, [behaviour field]; {@code Fingerprints.NONE} where it has none
   */
  public static ItemCatalogue of(List<long[]> items) {
    return new ItemCatalogue(items);
  }

  /**
   * Loads the catalogue of a samples directory, the one above {@code train/} and {@code test/}.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when it has none, as those made by
   *     earlier versions
   */
  public static ItemCatalogue load(Configuration conf, Path samples) throws IOException {
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
    List<long[]> items = new ArrayList<>();
    for (FileStatus file : ParquetTables.files(conf, directory)) {
      ParquetTables.read(conf, file.getPath(), row -> items.add(keys(row.getGroup(FIELD, 0))));
    }
    return new ItemCatalogue(items);
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
    try (ParquetTableWriter<long[]> out =
        new ParquetTableWriter<>(
            conf, file, SCHEMA, (row, keys) -> RowFields.longs(row, FIELD, 0, keys))) {
      for (long[] keys : items) {
        out.write(keys);
      }
    }
  }

  /** The number of items. */
  public int size() {
    return items.length;
  }

  /** The key of an item's behaviour field, {@code Fingerprints.NONE} where it has none. */
  public long key(int item, int field) {
    return items[item][field];
  }

  /** The keys of all items, in their order. */
  @Override
  public String toString() {
    return Arrays.deepToString(items);
  }
}
