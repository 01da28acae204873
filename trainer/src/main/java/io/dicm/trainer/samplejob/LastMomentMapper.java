package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvLineParser;
import io.dicm.trainer.input.InputLayout;
import java.io.IOException;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Mapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the latest moment of its lines of impressions.csv. */
public final class LastMomentMapper extends Mapper<LongWritable, Text, NullWritable, LongWritable> {
  private static final Logger LOG = LoggerFactory.getLogger(LastMomentMapper.class);

  private CsvLineParser parser;
  private long latest = Long.MIN_VALUE;

  @Override
  protected void setup(Context context) {
    TaskInput input = new TaskInput(context.getConfiguration());
    parser = new CsvLineParser(input.header(InputLayout.IMPRESSIONS));
  }

  @Override
  protected void map(LongWritable offset, Text line, Context context) {
    boolean header = offset.get() == 0;
    if (header || line.getLength() == 0) {
      return;
    }
    try {
      latest = Math.max(latest, parser.parse(line.toString()).timestampSeconds("ts"));
    } catch (BadRowException bad) {
      // Counted and reported by the job that makes the samples.
      LOG.debug("Row at byte {} left out: {}", offset.get(), bad.getMessage());
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    if (latest != Long.MIN_VALUE) {
      context.write(NullWritable.get(), new LongWritable(latest));
    }
  }
}
