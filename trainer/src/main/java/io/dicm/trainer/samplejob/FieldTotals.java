package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.TableScan;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.vocabulary.FieldCounter;
import io.dicm.trainer.vocabulary.FieldStatistics;
import io.dicm.trainer.vocabulary.VocabularyStatistics;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Adds up what the tasks wrote as {@link CountedFields}. For one thread. */
final class FieldTotals {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Configuration conf;
  private final SampleInput input;
  private final Map<String, FieldCounter> counters = new HashMap<>();
  private final Map<String, InputTable> tables = new HashMap<>();

  FieldTotals(Configuration conf, SampleInput input) {
    this.conf = conf;
    this.input = input;
  }

  /** Reads the tasks' files below the job's output and deletes them. */
  VocabularyStatistics take(Path output) throws IOException {
    Path directory = new Path(output, CountedFields.DIRECTORY);
    FileSystem fs = directory.getFileSystem(conf);
    if (fs.exists(directory)) {
      for (FileStatus file : fs.listStatus(directory)) {
        add(file.getPath());
      }
      fs.delete(directory, true);
    }
    return statistics();
  }

  private void add(Path file) throws IOException {
    String name = file.getName();
    InputTable table = InputTable.valueOf(name.substring(0, name.lastIndexOf('-')));
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(file.getFileSystem(conf).open(file), BUFFER_BYTES))) {
      for (String field = in.readUTF(); !field.isEmpty(); field = in.readUTF()) {
        FieldCounter counter = FieldCounter.read(field(field), in);
        tables.put(field, table);
        if (counters.putIfAbsent(field, counter) != null) {
          counters.get(field).merge(counter);
        }
      }
    }
  }

  private FeatureField field(String name) {
    FeatureSchema schema = input.schema();
    return schema.fields().stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private VocabularyStatistics statistics() {
    List<FieldStatistics> statistics = new ArrayList<>();
    for (FeatureField field : input.schema().fields()) {
      FieldCounter counter = counters.get(field.name());
      if (counter != null) {
        TableScan scan = input.tables().get(tables.get(field.name()));
        statistics.add(counter.statistics(scan.source().name()));
      }
    }
    return new VocabularyStatistics(statistics);
  }
}
