package io.dicm.app.client;

import io.dicm.app.launch.ChildApplications;
import io.dicm.app.launch.LocalFiles;
import io.dicm.app.master.recovery.RunLeftovers;
import io.dicm.app.pipeline.PipelineSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an application and its MapReduce jobs, and removes what its master cannot tidy up any more:
 * nodes give a process no more than a quarter of a second between the signal and the kill.
 *
 * @param yarn started
 */
public record ApplicationKill(YarnClient yarn, Configuration conf) {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationKill.class);

  /** Kills it; one that has ended already is no error. */
  public void kill(ApplicationId id) throws IOException, YarnException {
    StagingDirectory staging = new StagingDirectory(conf);
    yarn.killApplication(id);
    new ChildApplications(yarn, id.toString()).kill();
    leftovers(staging, id).ifPresent(RunLeftovers::remove);
    staging.deleteApplication(id.toString());
  }

  private Optional<RunLeftovers> leftovers(StagingDirectory staging, ApplicationId id)
      throws IOException {
    try {
      return submitted(staging.ofApplication(id.toString()))
          .map(
              application ->
                  new RunLeftovers(conf, PipelineSettings.from(application), id.toString()));
    } catch (RuntimeException e) {
      // Of another version, or half written: it is dead, and that was what mattered.
      LOG.warn("Cannot tell what {} was to write: {}", id, e.getMessage());
      return Optional.empty();
    }
  }

  /** The configuration that was submitted; nothing of another user's, and after the end. */
  private Optional<Configuration> submitted(Path staging) throws IOException {
    Path file = new Path(staging, LocalFiles.CONFIGURATION_FILE);
    try (InputStream in = file.getFileSystem(conf).open(file)) {
      Configuration application = new Configuration(false);
      application.addResource(in);
      application.size(); // Read before the stream is closed.
      return Optional.of(application);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }
}
