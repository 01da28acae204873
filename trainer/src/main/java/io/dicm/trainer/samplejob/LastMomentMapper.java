package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.TableRecord;
import java.io.IOException;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Mapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the latest moment of its rows of impressions. */
public final class LastMomentMapper
    extends Mapper<NullWritable, TableRecord, NullWritable, LongWritable> {
  private static final Logger LOG = LoggerFactory.getLogger(LastMomentMapper.class);

  private long latest = Long.MIN_VALUE;

  @Override
  protected void map(NullWritable key, TableRecord row, Context context) {
    try {
      latest = Math.max(latest, row.row().timestampSeconds("ts"));
    } catch (BadRowException bad) {
      // Counted and reported by the job that makes the samples.
      LOG.debug("Row at {} left out: {}", row.place(), bad.getMessage());
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    if (latest != Long.MIN_VALUE) {
      context.write(NullWritable.get(), new LongWritable(latest));
    }
  }
}
