package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.client.SubmissionRecords.Submission;
import io.dicm.app.launch.InternalKeys;
import io.dicm.app.launch.LocalFiles;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.yarn.api.records.ApplicationAccessType;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.ApplicationTimeoutType;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Submissions to a resource manager that only takes them, from a real file system. */
class TestApplicationSubmitter {
  @TempDir static java.nio.file.Path home;
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private final SubmissionYarnClient yarn = new SubmissionYarnClient();

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

  @BeforeEach
  void configure() throws IOException {
    conf.addResource("dicm-default.xml");
    conf.setClass("fs.file.impl", HomeFileSystem.class, FileSystem.class);
    conf.setBoolean("fs.file.impl.disable.cache", true);
    conf.set("yarn.application.classpath", "/nonexistent");
    java.nio.file.Path jar = Files.writeString(folder.resolve("dicm.jar"), "jar");
    conf.set(InternalKeys.APPLICATION_JAR, jar.toString());
  }

  @Test
  void contextIsAsConfigured() throws Exception {
    conf.set("dicm.yarn.queue", "training");
    conf.set("dicm.yarn.priority", "7");
    conf.set("dicm.yarn.tags", "shop, daily");
    conf.set("dicm.yarn.lifetime-seconds", "3600");
    conf.set("dicm.yarn.master.max-attempts", "3");
    conf.set("dicm.yarn.master.failure-window-seconds", "600");
    conf.set("dicm.yarn.master.node-label", "large");
    conf.set("dicm.yarn.view-acl", "ann,ben analysts");
    conf.set("dicm.yarn.modify-acl", "ann");

    ApplicationSubmissionContext context = context(submit("a", Map.of()));

    assertThat(context.getApplicationType()).isEqualTo("DICM");
    assertThat(context.getQueue()).isEqualTo("training");
    assertThat(context.getPriority().getPriority()).isEqualTo(7);
    assertThat(context.getApplicationTags()).containsExactlyInAnyOrder("shop", "daily");
    assertThat(context.getApplicationTimeouts())
        .isEqualTo(Map.of(ApplicationTimeoutType.LIFETIME, 3600L));
    assertThat(context.getMaxAppAttempts()).isEqualTo(3);
    assertThat(context.getAttemptFailuresValidityInterval()).isEqualTo(600_000);
    assertThat(context.getNodeLabelExpression()).isEqualTo("large");
    assertThat(context.getAMContainerSpec().getApplicationACLs())
        .isEqualTo(
            Map.of(
                ApplicationAccessType.VIEW_APP,
                "ann,ben analysts",
                ApplicationAccessType.MODIFY_APP,
                "ann"));
    assertThat(application(context).get("mapreduce.job.acl-view-job"))
        .isEqualTo("ann,ben analysts");
  }

  @Test
  void nothingIsSetThatIsNotConfigured() throws Exception {
    ApplicationSubmissionContext context = context(submit("a", Map.of()));

    assertThat(context.getQueue()).isEqualTo("default");
    assertThat(context.getApplicationTags()).isEmpty();
    assertThat(context.getApplicationTimeouts()).isNullOrEmpty();
    assertThat(context.getMaxAppAttempts()).isEqualTo(2);
    assertThat(context.getAttemptFailuresValidityInterval()).isEqualTo(-1);
    assertThat(context.getNodeLabelExpression()).isNull();
    assertThat(context.getAMContainerSpec().getApplicationACLs()).isEmpty();
  }

  @Test
  void oozieFindsApplicationAndJobsByItsTag() throws Exception {
    conf.set("mapreduce.job.tags", "own");
    conf.set("dicm.yarn.submission-key", "k1");
    java.nio.file.Path action =
        Files.writeString(
            folder.resolve("action.xml"),
            "<configuration><property><name>oozie.child.mapreduce.job.tags</name>"
                + "<value>oozie-0f2ab</value></property></configuration>");

    ApplicationSubmissionContext context =
        context(submit("a", Map.of("OOZIE_ACTION_CONF_XML", action.toString())));

    assertThat(context.getApplicationTags())
        .containsExactlyInAnyOrder("oozie-0f2ab", "dicm_key_k1");
    assertThat(Set.copyOf(application(context).getStringCollection("mapreduce.job.tags")))
        .as("the key is the application's alone")
        .isEqualTo(Set.of("own", "oozie-0f2ab"));
  }

  @Test
  void sameKeyIsTheSameApplication() throws Exception {
    conf.set("dicm.yarn.submission-key", "Daily:2026-07-01");

    SubmittedApplication first = submit("a", Map.of());
    SubmittedApplication second = submit("a", Map.of());

    assertThat(first.joined()).isFalse();
    assertThat(second).isEqualTo(new SubmittedApplication(first.id(), first.settings(), true));
    assertThat(yarn.submitted).containsOnlyKeys(first.id());
    yarn.killApplication(first.id());
    assertThat(submit("a", Map.of()).joined()).as("it has ended").isFalse();
  }

  /** Oozie and YARN start a launcher again that was lost, also when its work is done. */
  @Test
  void whatAnOozieActionHasDoneIsNotDoneAgain() throws Exception {
    conf.set("dicm.yarn.submission-key", "auto");
    Map<String, String> action = oozieAction("oozie-0F2AB");
    SubmittedApplication failed = submit("a", action);
    yarn.ended.put(failed.id(), FinalApplicationStatus.FAILED);
    SubmittedApplication done = submit("a", action);
    assertThat(done.joined()).as("the first one has failed").isFalse();
    yarn.ended.put(done.id(), FinalApplicationStatus.SUCCEEDED);

    assertThat(submit("a", action))
        .isEqualTo(new SubmittedApplication(done.id(), done.settings(), true));
    assertThat(submit("b", action).joined()).as("other work of the action").isFalse();
    SubmittedApplication another = submit("a", oozieAction("oozie-11111"));
    assertThat(another.joined()).as("another action").isFalse();
    yarn.ended.put(another.id(), FinalApplicationStatus.SUCCEEDED);
    Map<String, String> again = new HashMap<>(action);
    again.put("DICM_OOZIE_RUN", "0000002-oozie-W_0");
    assertThat(submit("a", again).joined()).as("the coordinator's day is run again").isFalse();
  }

  @Test
  void outsideOozieAKeyMeansNothingAfterTheEnd() throws Exception {
    conf.set("dicm.yarn.submission-key", "auto");
    SubmittedApplication done = submit("a", Map.of());
    yarn.ended.put(done.id(), FinalApplicationStatus.SUCCEEDED);

    assertThat(submit("a", Map.of()).joined()).isFalse();
  }

  private Map<String, String> oozieAction(String tag) throws IOException {
    java.nio.file.Path action =
        Files.writeString(
            folder.resolve(tag + ".xml"),
            "<configuration><property><name>oozie.child.mapreduce.job.tags</name>"
                + "<value>"
                + tag
                + "</value></property></configuration>");
    return Map.of(
        "OOZIE_ACTION_CONF_XML", action.toString(), "DICM_OOZIE_RUN", "0000001-oozie-W_0");
  }

  @Test
  void anotherUsersKeyIsNotMine() throws Exception {
    conf.set("dicm.yarn.submission-key", "k1");
    SubmittedApplication first = submit("a", Map.of());
    yarn.otherOwners.put(first.id(), "another");

    assertThat(submit("a", Map.of()).joined()).isFalse();
  }

  @Test
  void anotherKeyOrNoneIsAnotherApplication() throws Exception {
    SubmittedApplication first = submit("a", Map.of());
    conf.set("dicm.yarn.submission-key", "one");
    SubmittedApplication second = submit("a", Map.of());
    conf.set("dicm.yarn.submission-key", "two");
    SubmittedApplication third = submit("a", Map.of());

    assertThat(yarn.submitted).containsOnlyKeys(first.id(), second.id(), third.id());
  }

  @Test
  void automaticKeyIsTheWork() throws Exception {
    conf.set("dicm.yarn.submission-key", "auto");

    SubmittedApplication first = submit("a", Map.of());
    SubmittedApplication other = submit("b", Map.of());

    assertThat(submit("a", Map.of()).id()).isEqualTo(first.id());
    assertThat(submit("b", Map.of()).id()).isEqualTo(other.id()).isNotEqualTo(first.id());
  }

  @Test
  void keyOfAnotherWorkIsRefused() throws Exception {
    conf.set("dicm.yarn.submission-key", "k1");
    SubmittedApplication first = submit("a", Map.of());

    assertThatThrownBy(() -> submit("b", Map.of()))
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith(
            "Cannot submit with dicm.yarn.submission-key=k1: %s, which has this key and goes on, does run 'a' of 2026-07-01",
            first.id())
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  /** The other launcher got its ID later, yet YARN had its application first. */
  @Test
  void ofLaunchersAtTheSameMomentTheFirstSubmissionStays() throws Exception {
    conf.set("dicm.yarn.submission-key", "k1");
    SubmittedApplication[] other = new SubmittedApplication[1];
    yarn.beforeSubmission =
        () -> {
          try {
            other[0] = submit("a", Map.of());
          } catch (IOException | YarnException e) {
            throw new IllegalStateException(e);
          }
        };

    SubmittedApplication mine = submit("a", Map.of());

    assertThat(other[0].joined()).isFalse();
    assertThat(mine.id()).isEqualTo(other[0].id());
    assertThat(mine.joined()).isTrue();
    ApplicationId withdrawn = ApplicationId.newInstance(SubmissionYarnClient.CLUSTER_TIMESTAMP, 1);
    assertThat(yarn.killed).containsExactly(withdrawn);
    assertThat(new StagingDirectory(conf).ofApplication(withdrawn.toString()))
        .satisfies(path -> assertThat(local(path)).doesNotExist());
    assertThat(yarn.submitted).containsOnlyKeys(mine.id());
  }

  @Test
  void whatWasAskedForIsKept() throws Exception {
    conf.set("dicm.train.epochs", "7");
    conf.set("mapreduce.map.memory.mb", "1100");
    conf.set("yarn.resourcemanager.address", "rm:1", "yarn-site.xml");
    conf.set("mapreduce.reduce.memory.mb", "1200", "file:/home/ann/my-site.xml");
    conf.set("dicm.hive.password", "s3cret");

    SubmittedApplication application = submit("a", Map.of());

    Submission submission = new SubmissionRecords(conf).find(application.id());
    assertThat(submission.settings()).isEqualTo(application.settings());
    assertThat(submission.properties())
        .containsEntry("dicm.train.epochs", "7")
        .containsEntry("mapreduce.map.memory.mb", "1100")
        .containsEntry("mapreduce.reduce.memory.mb", "1200")
        .doesNotContainKeys("dicm.hive.password")
        .doesNotContainKeys("yarn.resourcemanager.address", "dicm.train.batch-size");
    assertThat(new TreeSet<>(submission.properties().keySet()))
        .noneMatch(key -> key.startsWith(InternalKeys.PREFIX));
  }

  @Test
  void refusedSubmissionLeavesNothing() throws Exception {
    yarn.refusal = new YarnException("queue is full\nand more");

    assertThatThrownBy(() -> submit("a", Map.of()))
        .isInstanceOf(DicmException.class)
        .hasMessage("Cannot submit: YARN refused: queue is full.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.NO_RESOURCES);

    ApplicationId id = ApplicationId.newInstance(SubmissionYarnClient.CLUSTER_TIMESTAMP, 1);
    assertThat(local(new StagingDirectory(conf).ofApplication(id.toString()))).doesNotExist();
    assertThatThrownBy(() -> new SubmissionRecords(conf).find(id))
        .hasMessageContaining("Cannot run " + id + " again");
  }

  private SubmittedApplication submit(String run, Map<String, String> environment)
      throws IOException, YarnException {
    PipelineSettings settings =
        new PipelineSettings(
            "shop",
            null,
            new Workspace(new Path("file:" + folder.resolve("workspace"))),
            "2026-07-01",
            run,
            List.of(StageName.EVALUATE));
    return new ApplicationSubmitter(yarn, new Configuration(conf), environment).submit(settings);
  }

  private ApplicationSubmissionContext context(SubmittedApplication application) {
    return yarn.submitted.get(application.id());
  }

  /** What the master will be configured with. */
  private Configuration application(ApplicationSubmissionContext context) {
    try {
      Path file =
          new Path(
              new StagingDirectory(conf).ofApplication(context.getApplicationId().toString()),
              LocalFiles.CONFIGURATION_FILE);
      Configuration application = new Configuration(false);
      application.addResource(file.getFileSystem(conf).open(file));
      assertThat(application.size()).isPositive();
      return application;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }
}
