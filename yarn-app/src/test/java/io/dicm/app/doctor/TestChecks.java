package io.dicm.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.client.SmallCluster;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.yarn.api.records.QueueACL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestChecks {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();

  /** Local files that nobody may write; the tests' user may be root. */
  public static final class ReadOnly extends RawLocalFileSystem {
    @Override
    public void access(Path path, FsAction mode) throws IOException {
      if (mode.implies(FsAction.WRITE)) {
        throw new AccessControlException("Permission denied");
      }
    }
  }

  @BeforeEach
  void configure() {
    conf.addResource("dicm-default.xml");
  }

  @Test
  void aQueueIsThereRunsAndTakesApplications() throws Exception {
    SmallCluster cluster = new SmallCluster(1, 8192, 8);

    assertThat(new QueueCheck(cluster, "default").look())
        .containsExactly(
            Finding.ok("queue", "'default' is running, 100% of its parent, you may submit"));
    Finding unknown = new QueueCheck(cluster, "fast").look().get(0);
    assertThat(unknown.level()).isEqualTo(Level.FAILED);
    assertThat(unknown.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
    assertThat(unknown.value()).isEqualTo("there is no queue 'fast'");
    Finding forbidden = new QueueCheck(cluster.withRights(List.of()), "default").look().get(0);
    assertThat(forbidden.level()).isEqualTo(Level.FAILED);
    assertThat(forbidden.code()).isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    assertThat(
            new QueueCheck(cluster.withRights(List.of(QueueACL.ADMINISTER_QUEUE)), "root.default")
                .look()
                .get(0)
                .level())
        .isEqualTo(Level.FAILED);
  }

  @Test
  void aClusterIsComparedWithTheRun() throws Exception {
    assertThat(cluster(4, 4096))
        .extracting(Finding::what, Finding::level)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("cluster", Level.OK),
            org.assertj.core.groups.Tuple.tuple("containers", Level.OK),
            org.assertj.core.groups.Tuple.tuple("gang", Level.OK),
            org.assertj.core.groups.Tuple.tuple("GPUs", Level.OK));
    assertThat(cluster(1, 2048))
        .filteredOn(finding -> finding.level() == Level.FAILED)
        .extracting(Finding::code)
        .containsExactly(ErrorCode.MEMORY_PLAN_TOO_LARGE, ErrorCode.NO_RESOURCES);
    assertThat(cluster(0, 2048))
        .containsExactly(
            Finding.failed(
                ErrorCode.NO_RESOURCES, "cluster", "no node runs", "Start a NodeManager."));
  }

  private List<Finding> cluster(int nodes, int memoryMb) throws Exception {
    return new ClusterCheck(new SmallCluster(nodes, memoryMb, 8), conf, settings()).look();
  }

  private PipelineSettings settings() {
    return new PipelineSettings(
        "test",
        path("input"),
        new Workspace(path("workspace")),
        "2026-07-01",
        "a",
        StageName.all());
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  @Test
  void settingsAreThoseOfTheStages() throws Exception {
    assertThat(new SettingsCheck(conf, settings()).look().get(0).level()).isEqualTo(Level.OK);
    conf.set("dicm.train.epochs", "0");
    assertThat(new Doctor(List.of(new SettingsCheck(conf, settings()))).examine().get(0).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  @Test
  void nothingIsMadeByLookingAtAWorkspace() throws Exception {
    Finding finding = new WorkspaceCheck(conf, path("a/b/workspace")).look().get(0);

    assertThat(finding.level()).isEqualTo(Level.OK);
    assertThat(finding.value())
        .contains("can be made in")
        .endsWith(folder.getFileName().toString());
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void aFileIsNoPlaceForAWorkspace() throws Exception {
    Files.createFile(folder.resolve("file"));

    Finding finding = new WorkspaceCheck(conf, path("file/workspace")).look().get(0);

    assertThat(finding.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
    assertThat(finding.value()).endsWith("/file is a file");
  }

  @Test
  void whoMayNotWriteIsToldWhomToAsk() throws Exception {
    conf.setClass("fs.file.impl", ReadOnly.class, FileSystem.class);
    conf.setBoolean("fs.file.impl.disable.cache", true);

    Finding finding = new WorkspaceCheck(conf, path("workspace")).look().get(0);

    assertThat(finding.level()).isEqualTo(Level.FAILED);
    assertThat(finding.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
    assertThat(finding.value()).startsWith("you may not write to file:");
    assertThat(finding.advice()).contains(System.getProperty("user.name"));
  }

  @Test
  void inputMustBeThere() throws Exception {
    assertThat(new InputCheck(conf, path("input")).look().get(0).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
    Files.createDirectory(folder.resolve("input"));
    assertThat(new InputCheck(conf, path("input")).look().get(0).level()).isEqualTo(Level.OK);
  }

  @Test
  void localFilesHaveNoSafeModeAndNeedNoTokens() throws Exception {
    assertThat(new SafeModeCheck(conf, path("input")).look().get(0).level()).isEqualTo(Level.OK);
    assertThat(new TokensCheck(conf, List.of(path("input"))).look().get(0).level())
        .isEqualTo(Level.OK);
  }

  @Test
  void hiveIsAskedOnlyWhenItIsNamed() throws Exception {
    DicmConfiguration dicm = DicmConfiguration.of(conf);
    assertThat(new HiveCheck(dicm).look().get(0).level()).isEqualTo(Level.OK);

    conf.set("dicm.hive.jdbc-url", "jdbc:hive2://127.0.0.1:1/");
    Finding down = new Doctor(List.of(new HiveCheck(dicm))).examine().get(0);
    assertThat(down.code()).isEqualTo(ErrorCode.HIVE_FAILED);
    assertThat(down.value()).contains("jdbc:hive2://127.0.0.1:1/");
  }
}
