package io.dicm.trainer.samplejob;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.trainer.sample.ItemCounts;
import io.dicm.trainer.sample.ItemStatistics;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskInputOutputContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;

/**
 * Counts by item the impressions that a task leaves out because the settings say so, and writes the
 * counts beside the task's output, so that only those of committed attempts come together: an item
 * is as old, and was shown as often, whatever is left out of the samples. For one thread.
 */
final class LeftOutItems {
  /** The directory below the job's output. MapReduce reads none that begins with an underscore. */
  static final String DIRECTORY = "left_out";

  /** Items counted before the counts are written, which bounds the memory. */
  private static final int MAX_COUNTED_ITEMS = 100_000;

  private final TaskInputOutputContext<?, ?, ?, ?> context;
  private final Map<String, ItemCounts> items = new HashMap<>();
  private ParquetTableWriter<Map.Entry<String, ItemCounts>> file;

  LeftOutItems(TaskInputOutputContext<?, ?, ?, ?> context) {
    this.context = context;
  }

  /**
   * Counts an impression of the log that is in no sample.
   *
   * @param heldOut whether no training may know the item, so that it was never shown to one
   */
  void add(String itemId, boolean heldOut, long timestampSeconds) throws IOException {
    items
        .computeIfAbsent(itemId, item -> new ItemCounts())
        .add(new ItemCounts(0, 0, heldOut ? 0 : 1, timestampSeconds));
    if (items.size() >= MAX_COUNTED_ITEMS) {
      write();
    }
  }

  /** Writes what is left; without an impression there is no file. */
  void close() throws IOException {
    if (!items.isEmpty()) {
      write();
    }
    if (file != null) {
      file.close();
    }
  }

  private void write() throws IOException {
    if (file == null && context.getOutputCommitter() instanceof FileOutputCommitter committer) {
      file =
          ItemStatistics.writer(
              context.getConfiguration(),
              new Path(new Path(committer.getWorkPath(), DIRECTORY), name()));
    }
    if (file != null) {
      for (Map.Entry<String, ItemCounts> item : items.entrySet()) {
        file.write(item);
      }
    }
    items.clear();
  }

  private String name() {
    TaskID task = context.getTaskAttemptID().getTaskID();
    return String.format(
        Locale.ROOT,
        "part-%s-%05d.parquet",
        TaskID.getRepresentingCharacter(task.getTaskType()),
        task.getId());
  }
}
