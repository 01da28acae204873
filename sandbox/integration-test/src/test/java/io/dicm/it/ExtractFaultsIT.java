package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dicm.common.parquet.ParquetTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Extractions on a real cluster of which single processes are killed with SIGKILL: a map task and
 * the MapReduce master, which YARN starts again, and our own master, whose second attempt runs the
 * stage again. All leave the same rows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExtractFaultsIT {
  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final String INPUT = "/faults/input";
  private static final int ITEMS = 24;

  private final Path home = Path.of(System.getProperty("dicm.home"));
  private final SandboxUnderTest sandbox =
      new SandboxUnderTest(home, Path.of("target", "sandbox-faults").toAbsolutePath());
  private Configuration conf;

  @BeforeAll
  void startSandbox() throws Exception {
    sandbox.start("--no-hive");
    conf = sandbox.configuration();
    CommandResult imported =
        sandbox.dicm(
            LIMIT,
            "import",
            "generated",
            "--to",
            INPUT,
            "--items",
            "" + ITEMS,
            "--users",
            "5",
            "--impressions",
            "50",
            "--seed",
            "5");
    assertThat(imported.exitStatus()).as(imported.errors()).isZero();
  }

  @AfterAll
  void stopSandbox() throws Exception {
    sandbox.close();
  }

  @Test
  void killedProcessesChangeNothingOfTheStore() throws Exception {
    CommandResult undisturbed = extract("undisturbed").await(LIMIT);
    assertThat(undisturbed.exitStatus()).as(undisturbed.errors()).isZero();
    Map<String, String> expected = rows("undisturbed");
    assertThat(expected).hasSize(ITEMS);

    CommandProcess tasksKilled = extract("tasks-killed");
    kill(tasksKilled, "YarnChild", "_m_");
    kill(tasksKilled, "MRAppMaster");
    CommandResult result = tasksKilled.await(LIMIT);
    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(rows("tasks-killed")).isEqualTo(expected);

    CommandProcess masterKilled = extract("master-killed");
    await()
        .atMost(LIMIT)
        .until(() -> process("YarnChild", "_m_").isPresent() || !masterKilled.isAlive());
    kill(masterKilled, "ApplicationMaster", "io.dicm");
    CommandResult goneOn = masterKilled.await(LIMIT);
    assertThat(goneOn.exitStatus()).as(goneOn.errors()).isZero();
    assertThat(rows("master-killed")).isEqualTo(expected);
  }

  private CommandProcess extract(String workspace) throws Exception {
    return sandbox.startDicm(
        List.of(
            "extract",
            "--input",
            INPUT,
            "--workspace",
            "/faults/" + workspace,
            "--date",
            "2026-01-31",
            "--run",
            "faults",
            "-D",
            "dicm.extract.images-per-split=6"));
  }

  private void kill(CommandProcess client, String... marks) {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> process(marks).isPresent() || !client.isAlive());
    assertThat(process(marks).orElseThrow().destroyForcibly()).isTrue();
  }

  /** A Java process of a container of this sandbox whose command line has all marks. */
  private Optional<ProcessHandle> process(String... marks) {
    String containers = Path.of("target", "sandbox-faults").toAbsolutePath().toString();
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(
            process -> {
              String line = process.info().commandLine().orElse("");
              return line.contains(containers)
                  && line.contains("container_")
                  && List.of(marks).stream().allMatch(line::contains);
            })
        .findFirst();
  }

  /** Digest and vector by image_id. */
  private Map<String, String> rows(String workspace) throws Exception {
    var features = new org.apache.hadoop.fs.Path("/faults/" + workspace + "/features");
    FileSystem fs = features.getFileSystem(conf);
    Map<String, String> rows = new TreeMap<>();
    for (FileStatus partition : fs.globStatus(new org.apache.hadoop.fs.Path(features, "*/dt=*"))) {
      for (FileStatus file : ParquetTables.files(conf, partition.getPath())) {
        ParquetTables.read(
            conf,
            file.getPath(),
            row -> {
              String imageId = row.getString("image_id", 0);
              String value = row.getString("content_digest", 0) + row.getGroup("feature", 0);
              assertThat(rows.put(imageId, value)).as("two rows of " + imageId).isNull();
            });
      }
    }
    return rows;
  }
}
