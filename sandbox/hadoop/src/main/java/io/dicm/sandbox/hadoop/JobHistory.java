package io.dicm.sandbox.hadoop;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.v2.hs.JobHistoryServer;

/**
 * Answers for MapReduce jobs whose application master has gone; without it a client may lose a
 * finished job's counters.
 */
final class JobHistory implements AutoCloseable {
  private final JobHistoryServer server;

  private JobHistory(JobHistoryServer server) {
    this.server = server;
  }

  static JobHistory start(Configuration configuration) {
    JobHistoryServer server = new JobHistoryServer();
    server.init(configuration);
    server.start();
    return new JobHistory(server);
  }

  @Override
  public void close() {
    server.stop();
  }
}
