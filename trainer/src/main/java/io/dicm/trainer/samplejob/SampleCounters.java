package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.sample.TableTotals;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.mapreduce.Counter;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.TaskInputOutputContext;

/** The job's counters: what the manifest says is counted here, by committed attempts only. */
final class SampleCounters {
  static final String ROWS = "dicm samples: rows";

  static final String LEFT_OUT = "dicm samples: left out";

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

  /** Counts a table's rows; one without rows, or without a file, is not named. */
  static void countRows(TaskInputOutputContext<?, ?, ?, ?> context, String table, long rows) {
    if (rows > 0) {
      context.getCounter(ROWS, table).increment(rows);
    }
  }

  static void countReject(
      TaskInputOutputContext<?, ?, ?, ?> context, String table, RowProblem problem) {
    context.getCounter(rejects(table), problem.reason()).increment(1);
  }

  /** The group of a table's rejected rows, by reason. */
  static String rejects(String table) {
    return "dicm samples: rejected rows of " + table;
  }

  static void countLeftOut(TaskInputOutputContext<?, ?, ?, ?> context, LeftOut reason) {
    context.getCounter(LEFT_OUT, reason.reason()).increment(1);
  }

  /** What the settings left out, by reason. */
  static Map<String, Long> leftOut(Counters counters) {
    return values(counters, LEFT_OUT);
  }

  /** What was counted of each table. */
  static Map<String, TableTotals> tables(Counters counters) {
    Map<String, TableTotals> tables = new TreeMap<>();
    values(counters, ROWS)
        .forEach(
            (table, rows) ->
                tables.put(table, new TableTotals(rows, values(counters, rejects(table)))));
    return tables;
  }

  static SplitTotals totals(Counters counters, SampleSplit split) {
    String group = group(split);
    return new SplitTotals(
        counters.findCounter(group, SAMPLES).getValue(),
        counters.findCounter(group, IMPRESSIONS).getValue(),
        counters.findCounter(group, CLICKS).getValue(),
        counters.findCounter(group, BEHAVIORS).getValue());
  }

  private static Map<String, Long> values(Counters counters, String group) {
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
