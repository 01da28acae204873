package io.dicm.app.master.table;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointFile;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.app.master.checkpoint.CheckpointOrigin;
import io.dicm.app.master.checkpoint.CheckpointStore;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageTypeParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code checkpoints}: a row a checkpoint that is whole.
 *
 * @param conf for the file systems
 */
record CheckpointTable(Configuration conf) {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointTable.class);
  private static final String SCHEMA =
      """
      message checkpoint {
        required binary application_id (STRING);
        required int64 steps;
        required int64 made_at;
        required binary location (STRING);
        required int32 servers;
        required int64 bytes;
        required binary extractor (STRING);
        required binary schema_digest (STRING);
      }
      """;

  private record Row(
      CheckpointManifest manifest, CheckpointOrigin origin, Path location, long madeAtMs) {
    long bytes() {
      return manifest.parts().stream()
          .flatMap(part -> part.files().stream())
          .mapToLong(CheckpointFile::bytes)
          .sum();
    }
  }

  /**
   * Publishes the list of a run's checkpoints as they are now.
   *
   * @param checkpoints of the run; need not be there
   */
  long publish(Path checkpoints, Path directory) throws IOException {
    return new TableFiles<>(
            conf, MessageTypeParser.parseMessageType(SCHEMA), CheckpointTable::write)
        .publish(
            directory,
            consumer -> {
              for (Path checkpoint : CheckpointStore.all(conf, checkpoints)) {
                try {
                  consumer.accept(read(checkpoint));
                } catch (DicmException e) {
                  if (e.code() != ErrorCode.STORE_CORRUPT && e.code() != ErrorCode.INPUT_MISSING) {
                    throw e;
                  }
                  LOG.warn("{} is not listed: {}", checkpoint, e.oneLine());
                }
              }
            });
  }

  private Row read(Path checkpoint) throws IOException {
    Path marker = new Path(checkpoint, DirectoryPublisher.SUCCESS);
    return new Row(
        Checkpoint.open(conf, checkpoint).manifest(),
        CheckpointOrigin.read(conf, checkpoint),
        checkpoint,
        marker.getFileSystem(conf).getFileStatus(marker).getModificationTime());
  }

  private static void write(RecordConsumer out, Row row) {
    RowFields.string(out, "application_id", 0, row.origin().applicationId());
    RowFields.int64(out, "steps", 1, row.manifest().steps());
    RowFields.int64(out, "made_at", 2, row.madeAtMs());
    RowFields.string(out, "location", 3, row.location().toString());
    RowFields.int32(out, "servers", 4, row.manifest().parts().size());
    RowFields.int64(out, "bytes", 5, row.bytes());
    RowFields.string(out, "extractor", 6, row.origin().extractorId());
    RowFields.string(out, "schema_digest", 7, row.origin().schemaDigest());
  }
}
