package io.dicm.app.master.table;

import io.dicm.ams.server.ServerTraffic;
import io.dicm.ams.server.TrafficClass;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.parquet.RowFields;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The table {@code traffic}: a row a server and class of bytes.
 *
 * @param conf for the file systems
 */
record TrafficTable(Configuration conf) {
  private static final String SCHEMA =
      """
      message traffic {
        required int32 server;
        required binary traffic_class (STRING);
        required int64 bytes;
        optional int64 raw_vector_bytes;
        required int64 steps;
      }
      """;

  private record Row(ServerTraffic server, TrafficClass traffic, long bytes) {}

  /** Publishes what the servers of a model directory moved; models of old versions do not say. */
  long publish(Path model, Path directory) throws IOException {
    List<ServerTraffic> servers = read(new Path(model, ServerTraffic.DIRECTORY));
    return new TableFiles<>(conf, MessageTypeParser.parseMessageType(SCHEMA), TrafficTable::write)
        .publish(
            directory,
            consumer -> {
              for (ServerTraffic server : servers) {
                for (Map.Entry<TrafficClass, Long> one :
                    new TreeMap<>(server.bytesByClass()).entrySet()) {
                  consumer.accept(new Row(server, one.getKey(), one.getValue()));
                }
              }
            });
  }

  private List<ServerTraffic> read(Path parts) throws IOException {
    JsonFiles json = new JsonFiles(conf);
    try {
      return Arrays.stream(parts.getFileSystem(conf).listStatus(parts))
          .map(FileStatus::getPath)
          .filter(file -> file.getName().endsWith(".json"))
          .map(file -> json.read(file, ServerTraffic.class, ErrorCode.INPUT_MISSING))
          .sorted(Comparator.comparingInt(ServerTraffic::server))
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private static void write(RecordConsumer out, Row row) {
    RowFields.int32(out, "server", 0, row.server().server());
    RowFields.string(out, "traffic_class", 1, row.traffic().name());
    RowFields.int64(out, "bytes", 2, row.bytes());
    if (row.traffic() == TrafficClass.IMAGE_CODES) {
      RowFields.int64(out, "raw_vector_bytes", 3, row.server().rawVectorBytes());
    }
    RowFields.int64(out, "steps", 4, row.server().steps());
  }
}
