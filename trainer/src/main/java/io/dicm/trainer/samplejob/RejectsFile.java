package io.dicm.trainer.samplejob;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.RejectedRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.TaskInputOutputContext;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the rows of one table that a task leaves out and writes them, up to a limit, with place
 * and reason to a file beside the task's output. The file is made with the first bad row.
 */
final class RejectsFile implements RejectedRows, AutoCloseable {
  /** The directory below the samples directory. */
  static final String DIRECTORY = "rejects";

  private static final Logger LOG = LoggerFactory.getLogger(RejectsFile.class);
  private static final int MAX_ROWS = 10_000;

  private final TaskInputOutputContext<?, ?, ?, ?> context;
  private final InputTable table;
  private final String name;
  private CsvWriter csv;
  private int rows;

  /**
   * @param table whose rows they are; one of the job's
   */
  RejectsFile(TaskInputOutputContext<?, ?, ?, ?> context, InputTable table) {
    this.context = context;
    this.table = table;
    this.name = new TaskInput(context.getConfiguration()).tables().get(table).source().name();
  }

  @Override
  public void reject(String place, BadRowException bad) throws IOException {
    SampleCounters.countReject(context, name, bad.problem());
    rows++;
    if (rows == 1) {
      LOG.warn("First row left out: {}: {}", place, bad.getMessage());
      open();
    }
    if (csv != null && rows <= MAX_ROWS) {
      csv.writeRecord(place, bad.problem().reason(), bad.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    if (csv != null) {
      csv.close();
    }
  }

  private void open() throws IOException {
    if (context.getOutputCommitter() instanceof FileOutputCommitter committer) {
      Path file = new Path(new Path(committer.getWorkPath(), DIRECTORY), fileName());
      csv =
          CsvWriter.builder()
              .build(
                  file.getFileSystem(context.getConfiguration()).create(file, true),
                  StandardCharsets.UTF_8);
      csv.writeRecord("place", "reason", "detail");
    }
  }

  private String fileName() {
    return String.format(
        Locale.ROOT,
        "%s-%s-%05d.csv",
        table.baseName(),
        context.getTaskAttemptID().getTaskID().getTaskType() == TaskType.MAP ? "m" : "r",
        context.getTaskAttemptID().getTaskID().getId());
  }
}
