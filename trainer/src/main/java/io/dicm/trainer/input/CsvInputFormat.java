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
import org.apache.hadoop.mapreduce.lib.input.LineRecordReader;

/**
 * Splits the CSV files of a log table. A row is one line: quoted line breaks are not allowed. Each
 * file has a header of its own, so columns may have another order in another file.
 */
public final class CsvInputFormat extends FileInputFormat<NullWritable, TableRecord> {
  @Override
  public RecordReader<NullWritable, TableRecord> createRecordReader(
      InputSplit split, TaskAttemptContext context) {
    return new Rows();
  }

  private static final class Rows extends RecordReader<NullWritable, TableRecord> {
    private final LineRecordReader lines = new LineRecordReader();
    private CsvLineParser parser;
    private TablePart part;
    private String shownName;
    private TableRecord current;

    @Override
    public void initialize(InputSplit split, TaskAttemptContext context) throws IOException {
      Configuration conf = context.getConfiguration();
      Path file = ((FileSplit) split).getPath();
      TableSource source = TableScans.of(conf).of(file).source();
      part = source.partOf(file).orElseThrow();
      shownName = source.shownName(file);
      parser = new CsvLineParser(CsvTable.header(conf, file));
      lines.initialize(split, context);
    }

    @Override
    public boolean nextKeyValue() throws IOException {
      while (lines.nextKeyValue()) {
        long offset = lines.getCurrentKey().get();
        boolean header = offset == 0;
        if (!header && lines.getCurrentValue().getLength() > 0) {
          current = parse(offset, lines.getCurrentValue().toString());
          return true;
        }
      }
      return false;
    }

    @Override
    public NullWritable getCurrentKey() {
      return NullWritable.get();
    }

    @Override
    public TableRecord getCurrentValue() {
      return current;
    }

    @Override
    public float getProgress() throws IOException {
      return lines.getProgress();
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }

    private TableRecord parse(long offset, String line) {
      try {
        TableRow row = PartitionedRow.of(parser.parse(line), part.partition());
        return TableRecord.of(shownName, "byte", offset, row);
      } catch (BadRowException bad) {
        return TableRecord.bad(shownName, "byte", offset, bad);
      }
    }
  }
}
