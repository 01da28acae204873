package io.dicm.trainer.evaluate;

import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * What the driver tells the tasks of the survey's outcome, in the job's configuration.
 *
 * @param categories that have a part of their own
 * @param ranges of scores, one for each reducer
 */
record TaskPlan(List<String> categories, ScoreRanges ranges) {
  private static final String KEY = "dicm.internal.evaluate.plan";

  static TaskPlan of(Survey survey, int reducers) {
    return new TaskPlan(survey.largestCategories(), survey.ranges(reducers));
  }

  void tell(Configuration conf) {
    conf.set(KEY, new JsonFiles(conf).oneLine(this));
  }

  /** As the driver told it. */
  static TaskPlan read(Configuration conf) {
    try {
      return new JsonFiles(conf).parse(conf.getRaw(KEY), TaskPlan.class);
    } catch (IOException e) {
      throw new IllegalStateException("The driver wrote no plan of the evaluation", e);
    }
  }

  SliceParts parts() {
    return new SliceParts(categories);
  }
}
