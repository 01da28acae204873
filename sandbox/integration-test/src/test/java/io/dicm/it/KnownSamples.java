package io.dicm.it;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** A sample file's columns that Hive reads, among some that it cannot, in DICM's encodings. */
final class KnownSamples {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message samples {
            required binary user_id (STRING);
            required int32 items_before;
            required group items (LIST) { repeated group list { required group element {
              required binary item_id (STRING);
              required binary category (STRING);
              required int64 image_key;
              required group item {
                required group item_id (LIST) { repeated group list { required int64 element; } }
              }
            } } }
            required group history (LIST) { repeated group list { required int32 element; } }
          }
          """);

  private KnownSamples() {}

  private record Item(String id, long imageKey) {}

  /**
   * Two rows: one of the items and two without a vector, one without any item.
   *
   * @param imageKeys of the items that have a vector
   */
  static void write(Configuration conf, Path file, Map<String, Long> imageKeys) throws IOException {
    List<Item> items = new ArrayList<>();
    imageKeys.forEach((id, key) -> items.add(new Item(id, key)));
    items.add(new Item("gone", 77));
    items.add(new Item("without", 0));
    try (ParquetTableWriter<List<Item>> writer =
        new ParquetTableWriter<>(
            conf,
            file,
            SCHEMA,
            KnownSamples::write,
            Map.of(),
            builder ->
                builder
                    .withDictionaryEncoding("history.list.element", false)
                    .withByteStreamSplitEncoding("history.list.element", true))) {
      writer.write(items);
      writer.write(List.of());
    }
  }

  private static void write(RecordConsumer out, List<Item> items) {
    RowFields.string(out, "user_id", 0, "user-" + items.size());
    RowFields.int32(out, "items_before", 1, 0);
    RowFields.list(out, "items", 2, items.size(), i -> write(out, items.get(i)));
    RowFields.list(out, "history", 3, items.size(), out::addInteger);
  }

  private static void write(RecordConsumer out, Item item) {
    out.startGroup();
    RowFields.string(out, "item_id", 0, item.id());
    RowFields.string(out, "category", 1, "category");
    RowFields.int64(out, "image_key", 2, item.imageKey());
    out.startField("item", 3);
    out.startGroup();
    RowFields.longs(out, "item_id", 0, new long[] {1, 2});
    out.endGroup();
    out.endField("item", 3);
    out.endGroup();
  }
}
