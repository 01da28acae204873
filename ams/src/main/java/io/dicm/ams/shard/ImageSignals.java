package io.dicm.ams.shard;

import io.dicm.ams.table.KeyIndex;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTables;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.InvalidRecordException;

/**
 * A number for each of many images, for {@link VectorControl.Planted}: a Parquet table of {@value
 * #KEY} (bigint) and {@value #SIGNAL} (double). On the Java heap, at most 46 bytes an image. Safe
 * for use by many threads once it is read.
 */
public final class ImageSignals {
  /** The column of the images' keys. */
  public static final String KEY = "image_key";

  /** The column of the numbers. */
  public static final String SIGNAL = "signal";

  private static final int ROOM = 1024;

  private final KeyIndex index = new KeyIndex(ROOM);
  private final long mostBytes;
  private float[] signals = new float[ROOM];

  private ImageSignals(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * Reads the signals of images of some buckets.
   *
   * @param table a file, or a directory with files
   * @param mostBytes of the Java heap that they may take
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is no such table; {@link
   *     ErrorCode#STORE_CORRUPT} when it has other columns, an image twice or what is no finite
   *     number; {@link ErrorCode#MEMORY_PLAN_TOO_LARGE}
   */
  public static ImageSignals read(
      Configuration conf, Path table, IntPredicate owned, long mostBytes) throws IOException {
    ImageSignals signals = new ImageSignals(mostBytes);
    for (FileStatus file : files(conf, table)) {
      ParquetTables.read(conf, file.getPath(), row -> signals.add(file.getPath(), row, owned));
    }
    return signals;
  }

  private static List<FileStatus> files(Configuration conf, Path table) throws IOException {
    try {
      FileStatus status = table.getFileSystem(conf).getFileStatus(table);
      return status.isDirectory() ? ParquetTables.files(conf, table) : List.of(status);
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot read signals of images: there is no " + table + ".", e);
    }
  }

  private void add(Path file, Group row, IntPredicate owned) {
    long key;
    double signal;
    try {
      if (row.getFieldRepetitionCount(KEY) == 0 || row.getFieldRepetitionCount(SIGNAL) == 0) {
        throw corrupt(file, "a row lacks its image_key or its signal", null);
      }
      key = row.getLong(KEY, 0);
      signal = row.getDouble(SIGNAL, 0);
    } catch (InvalidRecordException | ClassCastException | UnsupportedOperationException e) {
      throw corrupt(file, "it has no columns " + KEY + " (int64) and " + SIGNAL + " (double)", e);
    }
    if (!owned.test(Buckets.of(key))) {
      return;
    }
    if (key == Fingerprints.NONE || !Double.isFinite(signal)) {
      throw corrupt(file, "image_key " + key + " has the signal " + signal, null);
    }
    int image = index.add(key);
    if (image == KeyIndex.ABSENT) {
      throw corrupt(file, "image_key " + key + " has two signals", null);
    }
    if (image == signals.length) {
      requireRoom();
      signals = Arrays.copyOf(signals, signals.length * 3 / 2);
    }
    signals[image] = (float) signal;
  }

  private void requireRoom() {
    if (heapBytes() > mostBytes) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot hold the signals of images: more than %d of them need %d bytes of the Java heap, allowed %d. Use more servers or give them more memory."
              .formatted(index.size(), heapBytes(), mostBytes));
    }
  }

  private static DicmException corrupt(Path file, String why, Exception cause) {
    return new DicmException(
        ErrorCode.STORE_CORRUPT,
        "Cannot read signals of images from " + file + ": " + why + ".",
        cause);
  }

  /** The image's, 0 for one that is not in the table. */
  public float of(long imageKey) {
    int image = index.rowOf(imageKey);
    return image == KeyIndex.ABSENT ? 0 : signals[image];
  }

  /** The number of images that have one. */
  public int size() {
    return index.size();
  }

  /** Bytes of the Java heap. */
  public long heapBytes() {
    return KeyIndex.bytesFor(index.size()) + (long) signals.length * Float.BYTES;
  }
}
