package io.dicm.feature.duplicate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Publishes and reads groups of near-duplicates as a Parquet table, one row an image. The limits
 * are in the file's metadata: {@code dicm.max-distance} and {@code dicm.min-cosine}.
 */
public final class NearDuplicateTable {
  private static final String MAX_DISTANCE_KEY = "dicm.max-distance";
  private static final String MIN_COSINE_KEY = "dicm.min-cosine";
  private static final String GROUP_ID = "group_id";
  private static final String IMAGE_ID = "image_id";
  private static final String IMAGE_KEY = "image_key";
  private static final String REPRESENTATIVE = "representative";
  private static final String HAMMING_DISTANCE = "hamming_distance";
  private static final String COSINE = "cosine";

  private static final MessageType MESSAGE =
      MessageTypeParser.parseMessageType(
          """
          message near_duplicate {
            required int64 group_id;
            required binary image_id (STRING);
            required int64 image_key;
            required binary representative (STRING);
            required int32 hamming_distance;
            required double cosine;
          }
          """);

  private final Configuration conf;
  private final Path directory;

  private record Row(DuplicateGroup group, NearDuplicate image) {}

  /**
   * @param directory {@code Workspace.nearDuplicates(extractorId, date)}
   */
  public NearDuplicateTable(Configuration conf, Path directory) {
    this.conf = conf;
    this.directory = directory;
  }

  /** Replaces the table as a whole. */
  public void publish(DuplicateResult result, DuplicateSettings settings) throws IOException {
    Map<String, String> metadata =
        Map.of(
            MAX_DISTANCE_KEY, Integer.toString(settings.maxDistance()),
            MIN_COSINE_KEY, Double.toString(settings.minCosine()));
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, directory)) {
      Path file = new Path(publisher.staging(), ParquetTables.partName(0));
      try (ParquetTableWriter<Row> writer =
          new ParquetTableWriter<>(
              conf, file, MESSAGE, NearDuplicateTable::writeFields, metadata, tuning -> tuning)) {
        for (DuplicateGroup group : result.groups()) {
          for (NearDuplicate image : group.images()) {
            writer.write(new Row(group, image));
          }
        }
      }
      publisher.publish();
    }
  }

  /** Whether the table was published. */
  public boolean exists() throws IOException {
    return DirectoryPublisher.isComplete(conf, directory);
  }

  /**
   * Gives each image to the consumer that is itself within the table's limits of its group's
   * representative: a group is a chain, and its ends may be unlike.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when a file is not what {@link #publish}
   *     writes
   */
  public void readNearRepresentatives(Consumer consumer) throws IOException {
    for (FileStatus file : ParquetTables.files(conf, directory)) {
      try {
        read(file.getPath(), consumer);
      } catch (RuntimeException e) {
        throw new DicmException(
            ErrorCode.STORE_CORRUPT,
            "Cannot read near-duplicates from "
                + file.getPath()
                + ": it is damaged or another table. Run './dicm duplicates' again.",
            e);
      }
    }
  }

  private void read(Path file, Consumer consumer) throws IOException {
    Map<String, String> limits;
    try (ParquetFileReader parquet = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf))) {
      limits = parquet.getFileMetaData().getKeyValueMetaData();
    }
    int maxDistance = Integer.parseInt(limits.get(MAX_DISTANCE_KEY));
    double minCosine = Double.parseDouble(limits.get(MIN_COSINE_KEY));
    ParquetTables.read(
        conf,
        file,
        row -> {
          if (row.getInteger(HAMMING_DISTANCE, 0) <= maxDistance
              && row.getDouble(COSINE, 0) >= minCosine) {
            consumer.accept(row.getLong(IMAGE_KEY, 0), row.getLong(GROUP_ID, 0));
          }
        });
  }

  /** Takes one image of a group. */
  @FunctionalInterface
  public interface Consumer {
    /**
     * @param imageKey the image
     * @param representativeKey the image that stands for its group
     */
    void accept(long imageKey, long representativeKey);
  }

  private static void writeFields(RecordConsumer out, Row row) {
    RowFields.int64(out, GROUP_ID, 0, row.group().groupId());
    RowFields.string(out, IMAGE_ID, 1, row.image().imageId());
    RowFields.int64(out, IMAGE_KEY, 2, row.image().imageKey());
    RowFields.string(out, REPRESENTATIVE, 3, row.group().representative());
    RowFields.int32(out, HAMMING_DISTANCE, 4, row.image().hammingDistance());
    RowFields.float64(out, COSINE, 5, row.image().cosine());
  }
}
