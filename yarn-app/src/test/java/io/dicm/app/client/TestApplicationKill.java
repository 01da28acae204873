package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.launch.ContainerConfiguration;
import io.dicm.app.launch.LocalFiles;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.util.Records;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestApplicationKill {
  private static final ApplicationId ID = ApplicationId.newInstance(1, 7);

  @TempDir static java.nio.file.Path home;

  /** A local file system whose user's home is the test's folder. */
  public static final class HomeFileSystem extends LocalFileSystem {
    public HomeFileSystem() {
      super(new RawLocalFileSystem());
    }

    @Override
    public Path getHomeDirectory() {
      return new Path(home.toUri());
    }
  }

  private final Configuration conf = new Configuration();
  private final SubmissionYarnClient yarn = new SubmissionYarnClient();

  TestApplicationKill() {
    conf.setClass("fs.file.impl", HomeFileSystem.class, FileSystem.class);
    conf.setBoolean("fs.file.impl.disable.cache", true);
  }

  @Test
  void removesWhatTheMasterCouldNot() throws Exception {
    Workspace workspace = new Workspace(new Path(home.resolve("workspace").toUri()));
    StagingDirectory staging = new StagingDirectory(conf);
    staging.create(staging.ofApplication(ID.toString()));
    Configuration submitted = new Configuration(conf);
    new PipelineSettings("daily", null, workspace, "2026-07-01", "a", List.of(StageName.TRAIN))
        .addTo(submitted);
    ContainerConfiguration.write(
        submitted, new Path(staging.ofApplication(ID.toString()), LocalFiles.CONFIGURATION_FILE));
    FileSystem fs = FileSystem.get(conf);
    Path model = workspace.model("a");
    Path unfinished =
        new Path(
            model.getParent(), "_staging-" + model.getName() + "-" + ID + "-" + UUID.randomUUID());
    Path others =
        new Path(
            model.getParent(),
            "_staging-" + model.getName() + "-application_1_0002-" + UUID.randomUUID());
    fs.mkdirs(unfinished);
    fs.mkdirs(others);

    new ApplicationKill(yarn, conf).kill(ID);

    assertThat(yarn.killed).containsExactly(ID);
    assertThat(fs.exists(unfinished)).isFalse();
    assertThat(fs.exists(others)).isTrue();
    assertThat(fs.exists(staging.ofApplication(ID.toString()))).isFalse();
  }

  @Test
  void anApplicationThatLeftNothingIsOnlyKilled() throws Exception {
    new ApplicationKill(yarn, conf).kill(ID);

    assertThat(yarn.killed).containsExactly(ID);
  }

  @Test
  void applicationThatHasNotBegunIsKilledWhenItIsAskedToEnd() throws Exception {
    submit(ApplicationSubmitter.TYPE);

    assertThat(new ApplicationKill(yarn, conf).stop(ID))
        .isEqualTo(ID + " had not begun and was killed.");
    assertThat(yarn.killed).containsExactly(ID);
  }

  @Test
  void applicationThatHasEndedIsNotSaidToBeStopped() throws Exception {
    submit(ApplicationSubmitter.TYPE);
    yarn.ended.put(ID, FinalApplicationStatus.SUCCEEDED);

    assertThat(new ApplicationKill(yarn, conf).stop(ID)).startsWith(ID + " has ended: SUCCEEDED.");
    assertThat(yarn.killed).isEmpty();
  }

  @Test
  void onlyTheOwnerOfAnApplicationOfOursCanAskIt() {
    submit("MAPREDUCE");
    assertRefused(ErrorCode.CONFIGURATION_INVALID, "type MAPREDUCE");

    submit(ApplicationSubmitter.TYPE);
    yarn.otherOwners.put(ID, "ann");
    assertRefused(ErrorCode.AUTHENTICATION_FAILED, "it is ann's");
    assertThat(yarn.killed).isEmpty();
  }

  private void assertRefused(ErrorCode code, String words) {
    assertThatThrownBy(() -> new ApplicationKill(yarn, conf).stop(ID))
        .isInstanceOf(DicmException.class)
        .hasMessageContainingAll(words, "dicm kill " + ID)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  private void submit(String type) {
    ApplicationSubmissionContext context = Records.newRecord(ApplicationSubmissionContext.class);
    context.setApplicationId(ID);
    context.setApplicationType(type);
    context.setApplicationTags(Set.of());
    yarn.submitted.put(ID, context);
    yarn.startTimes.put(ID, 1L);
  }
}
