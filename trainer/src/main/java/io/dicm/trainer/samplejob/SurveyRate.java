package io.dicm.trainer.samplejob;

import io.dicm.common.key.SplitMix64;
import org.apache.hadoop.conf.Configuration;

/**
 * How many log rows {@link SurveyJob} looks at to find users with very many: about a thousand for
 * each segment, which tells a segment's size to some 3 %, and keeps what the survey shuffles and
 * sorts a small part of the log. Immutable.
 *
 * @param everyRows one row of so many is looked at; 0: none
 * @param rowsOfSegment rows looked at after which a user's next segment begins, 1 or more
 */
record SurveyRate(long everyRows, long rowsOfSegment) {
  private static final long ROWS_OF_SEGMENT = 1000;
  private static final String MAX_USER_EVENTS = "dicm.internal.samples.survey-max-user-events";

  /**
   * @param maxUserEvents rows of a segment, 0 for no segments
   */
  static SurveyRate of(long maxUserEvents) {
    if (maxUserEvents == 0) {
      return new SurveyRate(0, 1);
    }
    long everyRows = Math.max(1, maxUserEvents / ROWS_OF_SEGMENT);
    return new SurveyRate(everyRows, maxUserEvents / everyRows);
  }

  /** The rate of which a job's tasks were told. */
  static SurveyRate told(Configuration conf) {
    return of(conf.getLong(MAX_USER_EVENTS, 0));
  }

  /** Tells a job's tasks. */
  static void tell(Configuration conf, long maxUserEvents) {
    conf.setLong(MAX_USER_EVENTS, maxUserEvents);
  }

  /**
   * Whether a row is looked at: by its number, so that an attempt that is made again does the same.
   *
   * @param task number of the map task
   * @param row number of the row in the task
   */
  boolean looksAt(int task, long row) {
    return everyRows > 0
        && Long.remainderUnsigned(SplitMix64.mix(SplitMix64.mix(task) + row), everyRows) == 0;
  }
}
