package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestApplicationFollower {
  private static final ApplicationId ID = ApplicationId.newInstance(1_700_000_000_000L, 7);

  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private final ReportingYarnClient yarn = new ReportingYarnClient();
  private final List<String> shown = new ArrayList<>();

  /** A file system that refuses to delete staging directories. */
  public static final class KeepingFileSystem extends LocalFileSystem {
    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
      if (path.toString().contains("/.dicm/staging/")) {
        throw new IOException("the NameNode is in safe mode");
      }
      return super.delete(path, recursive);
    }
  }

  @Test
  void followsToTheEndAndReportsItsOwnStagesAlone() throws Exception {
    publishRun(StageName.EXTRACT, StageName.EVALUATE);
    yarn.thenReport(YarnApplicationState.ACCEPTED, FinalApplicationStatus.UNDEFINED)
        .thenReport(YarnApplicationState.RUNNING, FinalApplicationStatus.UNDEFINED)
        .thenReport(YarnApplicationState.FINISHED, FinalApplicationStatus.SUCCEEDED);

    RunSnapshot run = follow(StageName.EVALUATE);

    assertThat(run.stages())
        .extracting(StageRecord::stage, StageRecord::state)
        .containsExactly(tuple("evaluate", StageState.SUCCEEDED));
    assertThat(shown).containsExactly("waiting default", "running [evaluate]", "ended");
  }

  @Test
  void fewLostAnswersAreWaitedOut() throws Exception {
    publishRun(StageName.EVALUATE);
    yarn.thenReport(YarnApplicationState.RUNNING, FinalApplicationStatus.UNDEFINED)
        .thenFail(new ConnectException("refused"))
        .thenFail(new IOException("reset"))
        .thenReport(YarnApplicationState.FINISHED, FinalApplicationStatus.SUCCEEDED);

    assertThat(follow(StageName.EVALUATE).stages()).hasSize(1);
  }

  @Test
  void lostClusterSaysNothingAboutTheApplication() {
    yarn.thenReport(YarnApplicationState.RUNNING, FinalApplicationStatus.UNDEFINED)
        .thenFail(new ConnectException("Connection refused\nand more"));

    assertThatThrownBy(() -> follow(StageName.EVALUATE))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot follow %s any longer, it goes on as far as is known: Connection refused. Watch it: dicm status %s; end it: dicm kill %s",
            ID, ID, ID)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CLIENT_GAVE_UP);
    assertThat(shown).endsWith("ended");
  }

  @Test
  void failedTidyingDoesNotMakeASuccessAFailure() throws Exception {
    publishRun(StageName.EVALUATE);
    conf.setClass("fs.file.impl", KeepingFileSystem.class, FileSystem.class);
    conf.setBoolean("fs.file.impl.disable.cache", true);
    yarn.thenReport(YarnApplicationState.FINISHED, FinalApplicationStatus.SUCCEEDED);

    assertThat(follow(StageName.EVALUATE).stages()).hasSize(1);
  }

  private RunSnapshot follow(StageName... stages) throws Exception {
    conf.addResource("dicm-default.xml");
    ApplicationProgress progress =
        new ApplicationProgress() {
          @Override
          public void waiting(String applicationId, String queue) {
            shown.add("waiting " + queue);
          }

          @Override
          public void running(RunSnapshot run) {
            shown.add("running " + run.stages().stream().map(StageRecord::stage).toList());
          }

          @Override
          public void ended() {
            shown.add("ended");
          }
        };
    return new ApplicationFollower(
            yarn,
            conf,
            new SubmittedApplication(ID, settings(stages)),
            progress,
            Duration.ofMillis(1))
        .follow();
  }

  private void publishRun(StageName... stages) throws IOException {
    PipelineSettings settings = settings(stages);
    RunHistory history = new RunHistory(ID.toString(), settings, () -> 5);
    for (StageName stage : stages) {
      history.started(stage);
      history.ended(stage, StageState.SUCCEEDED, "");
    }
    new RunFiles(conf)
        .publish(history.snapshot(), settings.workspace().runs(settings.date(), settings.run()));
  }

  private PipelineSettings settings(StageName... stages) {
    return new PipelineSettings(
        "daily", null, new Workspace(new Path(folder.toUri())), "2026-07-01", "a", List.of(stages));
  }
}
