package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.sample.ItemStatistics;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestItemMapper {
  private static final MessageType COLUMNS = MessageTypeParser.parseMessageType(ItemMapper.COLUMNS);

  private final Configuration conf = new Configuration();

  @TempDir private java.nio.file.Path folder;

  /** A mapper reads several row groups, whose items are numbered from 0 each. */
  @Test
  void numbersBeginAgainWithARowGroup() throws Exception {
    conf.addResource("dicm-default.xml");
    conf.set("mapreduce.framework.name", "local");
    Path samples = new Path(folder.resolve("samples").toUri());
    write(
        new Path(samples, "train/part-0.parquet"),
        row(0, List.of("a", "b"), 0, 1),
        row(2, List.of("c"), 2, 0),
        row(0, List.of("d"), 0, 0),
        row(1, List.of("a"), 1));
    write(new Path(samples, "test/part-0.parquet"), row(0, List.of("b"), 0));

    new ItemStatisticsJob(new JobRunner(conf)).run(samples, 1, ProgressListener.NONE);

    ItemStatistics statistics = ItemStatistics.load(conf, samples);
    assertThat(List.of("a", "b", "c", "d"))
        .extracting(statistics::trainExposures)
        .containsExactly(3L, 1L, 1L, 2L);
  }

  private void write(Path file, Group... rows) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(file, conf))
            .withType(COLUMNS)
            .withConf(conf)
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
  }

  /**
   * A row with a moment.
   *
   * @param shown numbers of items
   */
  private static Group row(int itemsBefore, List<String> brought, int... shown) {
    Group row = new SimpleGroup(COLUMNS);
    row.add("items_before", itemsBefore);
    Group items = row.addGroup("items");
    for (String item : brought) {
      items.addGroup("list").addGroup("element").add("item_id", item);
    }
    Group moment = row.addGroup("moments").addGroup("list").addGroup("element");
    moment.add("ts_step", 5L);
    Group impressions = moment.addGroup("impressions");
    for (int number : shown) {
      Group impression = impressions.addGroup("list").addGroup("element");
      impression.add("label", 1);
      impression.add("item_number", number);
    }
    return row;
  }
}
