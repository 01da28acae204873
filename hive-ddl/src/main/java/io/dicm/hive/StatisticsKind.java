package io.dicm.hive;

/** Which statistics Hive gathers of new partitions, for its planner. */
public enum StatisticsKind {
  /** None. */
  NONE,

  /** Rows and bytes, from the footers of the files: no job. */
  ROWS,

  /** Those and each column's, but arrays': a job reads every partition whole. */
  COLUMNS
}
