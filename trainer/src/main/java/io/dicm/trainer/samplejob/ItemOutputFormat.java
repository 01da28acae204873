package io.dicm.trainer.samplejob;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.trainer.sample.ItemCounts;
import io.dicm.trainer.sample.ItemStatistics;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;

/** Writes a file of item statistics for each reducer. */
public final class ItemOutputFormat extends FileOutputFormat<Text, ItemCounts> {
  @Override
  public RecordWriter<Text, ItemCounts> getRecordWriter(TaskAttemptContext context)
      throws IOException {
    Path work = ((FileOutputCommitter) getOutputCommitter(context)).getWorkPath();
    String name = ParquetTables.partName(context.getTaskAttemptID().getTaskID().getId());
    return new OneFile(ItemStatistics.writer(context.getConfiguration(), new Path(work, name)));
  }

  private static final class OneFile extends RecordWriter<Text, ItemCounts> {
    private final ParquetTableWriter<Map.Entry<String, ItemCounts>> file;

    OneFile(ParquetTableWriter<Map.Entry<String, ItemCounts>> file) {
      this.file = file;
    }

    @Override
    public void write(Text itemId, ItemCounts counts) throws IOException {
      file.write(Map.entry(itemId.toString(), counts));
    }

    @Override
    public void close(TaskAttemptContext context) throws IOException {
      file.close();
    }
  }
}
