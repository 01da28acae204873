package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.TableRecord;
import io.dicm.trainer.input.TableRow;
import java.io.IOException;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Mapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks rows of a log table at random and emits their users and moments. */
public class SurveyMapper extends Mapper<NullWritable, TableRecord, UserEventKey, NullWritable> {
  private static final Logger LOG = LoggerFactory.getLogger(SurveyMapper.class);

  private SurveyRate rate;
  private int task;
  private long rows;

  /** For Hadoop. */
  public SurveyMapper() {}

  @Override
  protected void setup(Context context) throws IOException {
    rate = SurveyRate.told(context.getConfiguration());
    task = context.getTaskAttemptID().getTaskID().getId();
  }

  @Override
  protected final void map(NullWritable key, TableRecord row, Context context)
      throws IOException, InterruptedException {
    try {
      look(row.row(), rate.looksAt(task, rows), context);
    } catch (BadRowException bad) {
      // Counted and reported by the job that makes the samples.
      LOG.debug("Row at {} left out: {}", row.place(), bad.getMessage());
    }
    rows++;
  }

  /**
   * Called with the moment of every row that has one.
   *
   * @throws BadRowException when the row is a bad one, which is then not picked either
   */
  void see(TableRow row, long timestampSeconds) throws BadRowException {}

  private void look(TableRow row, boolean picked, Context context)
      throws BadRowException, IOException, InterruptedException {
    long timestampSeconds = row.timestampSeconds("ts");
    see(row, timestampSeconds);
    if (picked) {
      String userId = row.required("user_id");
      context.write(UserEventKey.ofMoment(userId, timestampSeconds), NullWritable.get());
    }
  }
}
