package io.dicm.app.master.table;

import io.dicm.app.master.history.ContainerRecord;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The table {@code run_containers}: a row a container of the run's gangs.
 *
 * @param conf for the file systems
 */
public record ContainerTable(Configuration conf) {
  private static final String SCHEMA =
      """
      message container {
        required binary container_id (STRING);
        required binary stage (STRING);
        required binary role (STRING);
        required int32 index;
        required binary state (STRING);
        required binary node (STRING);
        required int32 memory_mb;
        required int64 peak_resident_bytes;
        required int64 first_seen_at;
        required int64 last_seen_at;
        required int64 done;
        required int64 total;
        required binary note (STRING);
      }
      """;

  /**
   * Replaces the partition as a whole.
   *
   * @param run as its history has it, with what earlier applications did
   */
  public void publish(RunSnapshot run, Path directory) throws IOException {
    new TableFiles<>(conf, MessageTypeParser.parseMessageType(SCHEMA), ContainerTable::write)
        .publish(
            directory,
            consumer -> {
              for (ContainerRecord container : run.page().containers()) {
                consumer.accept(container);
              }
            });
  }

  private static void write(RecordConsumer out, ContainerRecord container) {
    RowFields.string(out, "container_id", 0, container.containerId());
    RowFields.string(out, "stage", 1, container.stage());
    RowFields.string(out, "role", 2, container.role());
    RowFields.int32(out, "index", 3, container.index());
    RowFields.string(out, "state", 4, container.state());
    RowFields.string(out, "node", 5, container.node());
    RowFields.int32(out, "memory_mb", 6, container.memoryMb());
    RowFields.int64(out, "peak_resident_bytes", 7, container.peakResidentBytes());
    RowFields.int64(out, "first_seen_at", 8, container.firstSeenAtMs());
    RowFields.int64(out, "last_seen_at", 9, container.lastSeenAtMs());
    RowFields.int64(out, "done", 10, container.done());
    RowFields.int64(out, "total", 11, container.total());
    RowFields.string(out, "note", 12, container.note());
  }
}
