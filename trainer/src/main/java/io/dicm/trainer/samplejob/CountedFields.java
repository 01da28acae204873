package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.vocabulary.FieldCounter;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.TaskInputOutputContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;

/**
 * Counts the values of some features over the rows that a task uses of one table, and writes the
 * counts beside the task's output, so that only those of committed attempts come together. For one
 * thread.
 */
final class CountedFields {
  /** The directory below the job's output. */
  static final String DIRECTORY = "_field_counts";

  private final TaskInputOutputContext<?, ?, ?, ?> context;
  private final InputTable table;
  private final List<FieldCounter> counters;

  CountedFields(
      TaskInputOutputContext<?, ?, ?, ?> context, InputTable table, List<FeatureField> fields) {
    this.context = context;
    this.table = table;
    this.counters = new ArrayList<>(fields.stream().map(FieldCounter::new).toList());
  }

  /** Counts a row that is used. */
  void add(TableRow row) throws BadRowException {
    for (FieldCounter counter : counters) {
      counter.add(row);
    }
  }

  /** Writes the counts, when there are features. */
  void write() throws IOException {
    if (!counters.isEmpty()
        && context.getOutputCommitter() instanceof FileOutputCommitter committer) {
      Path file = new Path(new Path(committer.getWorkPath(), DIRECTORY), name());
      try (DataOutputStream out =
          file.getFileSystem(context.getConfiguration()).create(file, true)) {
        for (FieldCounter counter : counters) {
          out.writeUTF(counter.field().name());
          counter.write(out);
        }
        out.writeUTF("");
      }
    }
  }

  private String name() {
    return String.format(
        Locale.ROOT, "%s-%05d", table.name(), context.getTaskAttemptID().getTaskID().getId());
  }
}
