package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SplitTotals;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.mapreduce.Counter;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.TaskInputOutputContext;

/** The job's counters: what the manifest says is counted here, by committed attempts only. */
final class SampleCounters {
  static final String ROWS = "dicm samples: rows";
  static final String REJECTS = "dicm samples: rejected rows";
  static final String TABLE_REJECTS = "dicm samples: rejected rows of items and users";

  private static final String SAMPLES = "samples";
  private static final String IMPRESSIONS = "impressions";
  private static final String CLICKS = "clicks";
  private static final String BEHAVIORS = "behaviors";

  private SampleCounters() {}

  static void countSample(
      TaskInputOutputContext<?, ?, ?, ?> context, SampleSplit split, Sample sample) {
    int impressions = sample.impressions().size();
    String group = group(split);
    context.getCounter(group, SAMPLES).increment(1);
    context.getCounter(group, IMPRESSIONS).increment(impressions);
    context
        .getCounter(group, CLICKS)
        .increment(sample.impressions().stream().mapToInt(Impression::label).sum());
    context
        .getCounter(group, BEHAVIORS)
        .increment((long) impressions * sample.behaviors().imageKeys().length);
  }

  static void countRow(TaskInputOutputContext<?, ?, ?, ?> context, String table) {
    context.getCounter(ROWS, table).increment(1);
  }

  static void countReject(
      TaskInputOutputContext<?, ?, ?, ?> context, String group, RowProblem problem) {
    context.getCounter(group, problem.reason()).increment(1);
  }

  static SplitTotals totals(Counters counters, SampleSplit split) {
    String group = group(split);
    return new SplitTotals(
        counters.findCounter(group, SAMPLES).getValue(),
        counters.findCounter(group, IMPRESSIONS).getValue(),
        counters.findCounter(group, CLICKS).getValue(),
        counters.findCounter(group, BEHAVIORS).getValue());
  }

  /** A group's counters by name. */
  static Map<String, Long> values(Counters counters, String group) {
    Map<String, Long> values = new TreeMap<>();
    for (Counter counter : counters.getGroup(group)) {
      values.put(counter.getName(), counter.getValue());
    }
    return values;
  }

  private static String group(SampleSplit split) {
    return "dicm samples: " + split.directory();
  }
}
