package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.StageState;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before Hive is asked. */
class TestRegisterStage {
  private static final String DATE = "2026-07-01";
  private static final String EXTRACTOR = "vgg16-fc6-relu-random-seed17-crop224";

  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private Workspace workspace;

  @BeforeEach
  void configure() {
    conf.addResource("dicm-default.xml");
    conf.set("dicm.hive.jdbc-url", "jdbc:hive2://127.0.0.1:1/");
    workspace = new Workspace(new Path(folder.toUri()));
  }

  @Test
  void runThatIsNotThereIsNamedAndNothingIsMade() throws IOException {
    assertMissing("typo", "partition features/dt=2026-07-01 is not complete");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void halfARunIsNotRegistered() throws IOException {
    publish(new Path(workspace.features(EXTRACTOR), "dt=" + DATE));
    publish(workspace.imageCodes(DATE, "a"));
    publish(workspace.predictions(DATE, "a"));

    assertMissing(
        "a", "partition metrics/dt=2026-07-01/run=a is not complete", "Run stage evaluate first.");
  }

  @Test
  void nothingIsAskedOfARunWithoutHive() throws IOException {
    conf.unset("dicm.hive.jdbc-url");

    assertThat(stage("typo").run(ProgressListener.NONE).state()).isEqualTo(StageState.SKIPPED);
  }

  private void assertMissing(String run, String... parts) {
    assertThatThrownBy(() -> stage(run).run(ProgressListener.NONE))
        .isInstanceOf(DicmException.class)
        .hasMessageContainingAll(parts)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  private RegisterStage stage(String run) {
    PipelineSettings settings =
        new PipelineSettings(
            "dicm register", null, workspace, DATE, run, List.of(StageName.REGISTER));
    return new RegisterStage(
        new StageContext(
            DicmConfiguration.of(conf),
            settings,
            new RunHistory("application_1_1", settings, () -> 5)));
  }

  private void publish(Path directory) throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, directory)) {
      publisher.publish();
    }
  }
}
