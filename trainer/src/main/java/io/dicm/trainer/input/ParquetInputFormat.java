package io.dicm.trainer.input;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;

/** Splits the Parquet files of a log table; a row group belongs to the split of its middle. */
public final class ParquetInputFormat extends FileInputFormat<NullWritable, TableRecord> {
  @Override
  public RecordReader<NullWritable, TableRecord> createRecordReader(
      InputSplit split, TaskAttemptContext context) {
    return new Rows();
  }

  private static final class Rows extends RecordReader<NullWritable, TableRecord> {
    private ParquetRows rows;
    private TablePart part;
    private String shownName;
    private TableRecord current;
    private boolean finished;

    @Override
    public void initialize(InputSplit split, TaskAttemptContext context) throws IOException {
      Configuration conf = context.getConfiguration();
      FileSplit range = (FileSplit) split;
      Path file = range.getPath();
      TableScan scan = TableScans.of(conf).of(file);
      part = scan.source().partOf(file).orElseThrow();
      shownName = scan.source().shownName(file);
      long end = range.getStart() + range.getLength();
      rows = ParquetRows.ofRange(conf, file, range.getStart(), end, scan.columns());
    }

    @Override
    public boolean nextKeyValue() throws IOException {
      TableRow row = rows.next();
      finished = row == null;
      if (!finished) {
        current =
            TableRecord.of(
                shownName, "row", rows.position(), PartitionedRow.of(row, part.partition()));
      }
      return !finished;
    }

    @Override
    public NullWritable getCurrentKey() {
      return NullWritable.get();
    }

    @Override
    public TableRecord getCurrentValue() {
      return current;
    }

    /** Parquet does not say how far it is. */
    @Override
    public float getProgress() {
      return finished ? 1 : 0;
    }

    @Override
    public void close() throws IOException {
      if (rows != null) {
        rows.close();
      }
    }
  }
}
