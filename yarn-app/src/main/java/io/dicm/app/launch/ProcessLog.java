package io.dicm.app.launch;

import java.util.List;
import org.apache.hadoop.yarn.api.records.LogAggregationContext;

/**
 * Where the master and its containers log: into a file that begins anew every hour. A cluster that
 * collects logs while applications run takes the finished ones away, so that the disks of its nodes
 * do not fill up with those of a long training.
 */
public final class ProcessLog {
  /** The file's name among a container's logs; finished ones have the hour after it. */
  public static final String NAME = "dicm.log";

  private ProcessLog() {}

  /**
   * Java options of a process.
   *
   * @param directory in which it logs
   */
  public static List<String> javaOptions(String directory) {
    return List.of(
        "-Dlog4j.configuration=dicm-container-log4j.properties",
        "-Ddicm.log.directory=" + directory);
  }

  /** All files at the end of a container, and until then the finished ones. */
  public static LogAggregationContext aggregation() {
    return LogAggregationContext.newInstance(".*", "", "dicm\\.log\\..+", "");
  }
}
