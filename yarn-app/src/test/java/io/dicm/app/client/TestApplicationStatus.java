package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.StatusFile;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestApplicationStatus {
  private static final String ID = "application_1_1";

  @TempDir static java.nio.file.Path home;

  /** A local file system whose user's home is the test's folder. */
  public static final class HomeFileSystem extends LocalFileSystem {
    @Override
    public Path getHomeDirectory() {
      return new Path(home.toUri());
    }
  }

  private final Configuration conf = new Configuration();

  @BeforeEach
  void useTheTestsHome() {
    conf.setClass("fs.file.impl", HomeFileSystem.class, FileSystem.class);
    conf.setBoolean("fs.file.impl.disable.cache", true);
  }

  @Test
  void saysWhatTheMasterWroteLast() throws IOException {
    ApplicationStatus status = new ApplicationStatus(conf, ID);
    assertThat(status.read()).isEmpty();
    RunHistory history =
        new RunHistory(
            ID,
            new PipelineSettings(
                "daily", null, new Workspace(new Path("/w")), "2026-07-01", "a", StageName.all()),
            () -> 5);
    Path staging = new StagingDirectory(conf).ofApplication(ID);

    try (StatusFile file = new StatusFile(conf, staging, history)) {
      history.started(StageName.EXTRACT);
      file.start();
    }

    assertThat(status.read()).contains(history.snapshot());
  }
}
