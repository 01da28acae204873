package io.dicm.app.client;

import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StatusFile;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running application of this user says of itself, in its staging directory. */
public final class ApplicationStatus {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationStatus.class);

  private final Configuration conf;
  private final Path file;

  public ApplicationStatus(Configuration conf, String applicationId) throws IOException {
    this.conf = conf;
    this.file = new Path(new StagingDirectory(conf).ofApplication(applicationId), StatusFile.NAME);
  }

  /** What it said last; empty while it has said nothing, and after its end. */
  public Optional<RunSnapshot> read() {
    try {
      if (!file.getFileSystem(conf).exists(file)) {
        return Optional.empty();
      }
      return Optional.of(
          new JsonFiles(conf).read(file, RunSnapshot.class, ErrorCode.STORAGE_FAILED));
    } catch (IOException | DicmException e) {
      LOG.debug("No status this time", e); // Another may come soon, and nothing hangs on it.
      return Optional.empty();
    }
  }
}
