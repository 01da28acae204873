package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureStore;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills an extraction, which is a process of its own, with SIGKILL before chosen operations on the
 * file system, from its first to its last; the next extraction must leave what an undisturbed one
 * leaves. The day has a partition already, of other images, which is replaced.
 */
class TestExtractFaults {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int MOMENTS = 10;
  private static final String DATE = "2026-03-01";

  @TempDir Path folder;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void aKilledExtractionIsMadeGoodByTheNextOne() throws Exception {
    Path before = prepare();
    Path undisturbed = copyOf(before, "undisturbed");
    Process process = start(undisturbed, 0);
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log(undisturbed)).isZero();
    int operations = Integer.parseInt(Files.readString(undisturbed.resolve("operations")));
    List<FeatureRecord> expected = stored(undisturbed);
    assertThat(expected).as("the one that is gone from the folder included").hasSize(25);

    Set<String> moments = new LinkedHashSet<>();
    for (int moment = 0; moment < MOMENTS; moment++) {
      int operation = 1 + moment * (operations - 1) / (MOMENTS - 1);
      Path workspace = copyOf(before, "killed-" + operation);
      moments.add(killBefore(operation, workspace));

      new ExtractJob(configuration(workspace)).run(ProgressListener.NONE);

      assertThat(stored(workspace))
          .as("killed before operation %s of %s: %s", operation, operations, moments)
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("extractedAtMs")
          .isEqualTo(expected);
    }
    assertThat(moments).as("different moments").hasSizeGreaterThanOrEqualTo(MOMENTS / 2);
  }

  /** Kills the process when it is about to make the operation; which one that was. */
  private String killBefore(int operation, Path home) throws Exception {
    Process process = start(home, operation);
    Path reached = home.resolve("reached");
    try {
      await().atMost(LIMIT).until(() -> Files.exists(reached) || !process.isAlive());
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log(home)).isEqualTo(128 + 9);
    return Files.readString(reached);
  }

  /** Twenty images and a partition of them; then some more, one changed and one gone. */
  private Path prepare() throws Exception {
    Path home = folder.resolve("before");
    Path images = home.resolve("input/images");
    ImageFiles.writeMany(images, 20);
    new ExtractJob(configuration(home)).run(ProgressListener.NONE);
    ImageFiles.writePlain(images.resolve("image-3.png"), Color.WHITE, 20, 10);
    Files.delete(images.resolve("image-4.png"));
    for (int i = 0; i < 5; i++) {
      ImageFiles.writePlain(images.resolve("new/more-" + i + ".png"), Color.RED, 5, 5 + i);
    }
    return home;
  }

  private Path copyOf(Path home, String name) throws IOException {
    Path copy = folder.resolve(name);
    Configuration conf = new Configuration();
    FileSystem local = FileSystem.getLocal(conf);
    assertThat(
            FileUtil.copy(
                local,
                new org.apache.hadoop.fs.Path(home.toUri()),
                local,
                new org.apache.hadoop.fs.Path(copy.toUri()),
                false,
                conf))
        .isTrue();
    return copy;
  }

  private Process start(Path home, int operation) throws IOException {
    Path settings = home.resolve("settings.xml");
    try (OutputStream out = Files.newOutputStream(settings)) {
      configuration(home).writeXml(out);
    }
    Path temporary = Files.createDirectories(home.resolve("java-tmp"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            ExtractionProcess.class.getName(),
            settings.toString(),
            Integer.toString(operation),
            home.resolve("reached").toString(),
            home.resolve("operations").toString())
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("log").toFile())
        .directory(home.toFile())
        .start();
  }

  private static String log(Path home) throws IOException {
    return Files.readString(home.resolve("log"));
  }

  private static Configuration configuration(Path home) {
    Configuration conf = new Configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set("hadoop.tmp.dir", home.resolve("tmp").toString());
    conf.set("mapreduce.cluster.local.dir", home.resolve("local").toString());
    conf.set(DicmKeys.INPUT_PATH, home.resolve("input").toUri().toString());
    conf.set(DicmKeys.WORKSPACE_PATH, home.resolve("workspace").toUri().toString());
    conf.set(DicmKeys.RUN_DATE, DATE);
    conf.set(DicmKeys.EXTRACT_ENCODER, "mean-color");
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 4);
    conf.setInt(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, 10);
    return conf;
  }

  /** The rows in the store's order; reading them checks counts, lengths and buckets. */
  private static List<FeatureRecord> stored(Path home) throws IOException {
    Configuration conf = configuration(home);
    Workspace workspace = new Workspace(DicmConfiguration.of(conf).path(DicmKeys.WORKSPACE_PATH));
    List<FeatureRecord> records = new ArrayList<>();
    FeatureStore.open(conf, workspace.features("mean-color"))
        .snapshot(DATE)
        .scan(bucket -> true, records::add);
    return records;
  }
}
