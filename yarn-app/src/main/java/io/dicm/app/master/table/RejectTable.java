package io.dicm.app.master.table;

import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The table {@code rejects}: a row a picture or row of the input that was left out, as far as the
 * jobs listed them.
 *
 * @param conf for the file systems
 */
record RejectTable(Configuration conf) {
  /** The source of pictures; that of rows is their table. */
  private static final String IMAGES = "images";

  private static final String SCHEMA =
      """
      message reject {
        required binary source (STRING);
        required binary place (STRING);
        optional binary image_id (STRING);
        required binary reason (STRING);
        required binary detail (STRING);
      }
      """;

  private record Row(String source, String place, String imageId, String reason, String detail) {}

  /**
   * Publishes what extraction and samples left out.
   *
   * @param features the day's partition of the feature store; need not be there
   * @param samples the run's samples; need not be there
   */
  long publish(Path features, Path samples, Path directory) throws IOException {
    return new TableFiles<>(conf, MessageTypeParser.parseMessageType(SCHEMA), RejectTable::write)
        .publish(
            directory,
            consumer -> {
              new io.dicm.feature.job.RejectsReader(conf, features)
                  .read(
                      line ->
                          consumer.accept(
                              new Row(
                                  IMAGES,
                                  line.path(),
                                  line.imageId(),
                                  line.reason(),
                                  line.detail())));
              new io.dicm.trainer.samplejob.RejectsReader(conf, samples)
                  .read(
                      (table, place, reason, detail) ->
                          consumer.accept(new Row(table, place, null, reason, detail)));
            });
  }

  private static void write(RecordConsumer out, Row row) {
    RowFields.string(out, "source", 0, row.source());
    RowFields.string(out, "place", 1, row.place());
    RowFields.string(out, "image_id", 2, row.imageId());
    RowFields.string(out, "reason", 3, row.reason());
    RowFields.string(out, "detail", 4, row.detail());
  }
}
