package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.store.FeatureFile;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * An input folder, a workspace and the whole job in one process, on the local file system, with a
 * small encoder.
 */
abstract class LocalExtraction {
  static final String DATE = "2026-03-01";

  @TempDir Path folder;
  Configuration conf;
  Path images;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void configure() {
    images = folder.resolve("input/images");
    conf = new Configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
    conf.set("mapreduce.cluster.local.dir", folder.resolve("local").toString());
    conf.set(DicmKeys.INPUT_PATH, folder.resolve("input").toUri().toString());
    conf.set(DicmKeys.WORKSPACE_PATH, folder.resolve("workspace").toUri().toString());
    conf.set(DicmKeys.RUN_DATE, DATE);
    conf.set(DicmKeys.EXTRACT_ENCODER, "mean-color");
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 4);
  }

  static FeatureRecord byId(List<FeatureRecord> records, String imageId) {
    return records.stream().filter(r -> r.imageId().equals(imageId)).findFirst().orElseThrow();
  }

  ExtractSummary run() throws IOException, InterruptedException {
    return new ExtractJob(conf).run(ProgressListener.NONE);
  }

  /** Fails when a job is launched: there is no framework that could run it. */
  ExtractSummary withoutJobs() throws IOException, InterruptedException {
    Configuration broken = new Configuration(conf);
    broken.set("mapreduce.framework.name", "there is none");
    return new ExtractJob(broken).run(ProgressListener.NONE);
  }

  void touch(String name) throws IOException {
    Path file = images.resolve(name);
    Files.setLastModifiedTime(
        file,
        java.nio.file.attribute.FileTime.fromMillis(
            Files.getLastModifiedTime(file).toMillis() + 5_000));
  }

  Path part(int reducer) throws IOException {
    try (Stream<Path> files = Files.list(partition())) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("part-r-0000" + reducer + "-"))
          .findFirst()
          .orElseThrow();
    }
  }

  int rowsOf(int reducer) throws IOException {
    String name = "dt=" + DATE + "/" + part(reducer).getFileName();
    return (int)
        store().manifest(DATE).files().stream()
            .filter(file -> file.name().equals(name))
            .findFirst()
            .orElseThrow()
            .rows();
  }

  long rowsOf(String date) throws IOException {
    return store().manifest(date).files().stream()
        .filter(file -> file.name().startsWith("dt=" + date))
        .mapToLong(FeatureFile::rows)
        .sum();
  }

  Path partition() {
    return folder.resolve("workspace/features/mean-color/dt=" + DATE);
  }

  FeatureStore store() {
    Workspace workspace = new Workspace(DicmConfiguration.of(conf).path(DicmKeys.WORKSPACE_PATH));
    return FeatureStore.open(conf, workspace.features("mean-color"));
  }

  FeatureSnapshot snapshot() throws IOException {
    return store().snapshot();
  }

  List<FeatureRecord> stored() throws IOException {
    return stored(snapshot());
  }

  static List<FeatureRecord> stored(FeatureSnapshot snapshot) throws IOException {
    List<FeatureRecord> records = new ArrayList<>();
    snapshot.scan(bucket -> true, records::add);
    return records;
  }

  static List<String> rejects(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }
}
