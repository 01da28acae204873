package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.encode.MeanColorEncoderProvider;
import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.FeatureMaintenance;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureStore;
import io.dicm.feature.store.IndexEntry;
import io.dicm.feature.store.Verification;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Extractions of files that hold many images, of which a listing tells no image_ids. */
class TestExtractFilesOfMany {
  @TempDir Path folder;
  private Configuration conf;
  private Path images;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void configure() throws IOException {
    images = Files.createDirectories(folder.resolve("input/images"));
    conf = new Configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
    conf.set("mapreduce.cluster.local.dir", folder.resolve("local").toString());
    conf.set(DicmKeys.INPUT_PATH, folder.resolve("input").toUri().toString());
    conf.set(DicmKeys.WORKSPACE_PATH, folder.resolve("workspace").toUri().toString());
    conf.set(DicmKeys.EXTRACT_ENCODER, "mean-color");
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 4);
    conf.setInt(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, 7);
    day(1);
  }

  @Test
  void theSameFilesAreNotReadAgain() throws Exception {
    write("a.seq", 0, 12);
    assertThat(run().extracted()).isEqualTo(12);
    List<FeatureRecord> before = stored();
    day(2);

    ExtractSummary again = withoutJobs();

    assertThat(again.alreadyThere()).isTrue();
    assertThat(again.images()).isEqualTo(12);
    assertThat(stored()).usingRecursiveFieldByFieldElementComparator().isEqualTo(before);
    assertThat(known("image-3").absentSince()).isEmpty();
  }

  @Test
  void filesThatWereTouchedAreReadAndNothingIsComputed() throws Exception {
    write("a.seq", 0, 12);
    run();
    List<FeatureRecord> before = stored();
    int indexes = store().manifest("2026-03-01").indexes().size();
    Files.setLastModifiedTime(images.resolve("a.seq"), FileTime.fromMillis(1_000_000_000_000L));
    day(2);

    ExtractSummary again = run();

    assertThat(again.extracted()).isZero();
    assertThat(again.reused()).isEqualTo(12);
    assertThat(stored()).usingRecursiveFieldByFieldElementComparator().isEqualTo(before);
    assertThat(store().manifest("2026-03-02").indexes()).as("nothing to note").hasSize(indexes);
  }

  @Test
  void anotherFileCostsOnlyItsOwnImages() throws Exception {
    write("a.seq", 0, 12);
    run();
    write("b.seq", 12, 15);

    assertThat(new ExtractPlanner(conf).plan(1).newImages()).as("about three").isBetween(3L, 6L);
    ExtractSummary summary = run();

    assertThat(summary.extracted()).isEqualTo(3);
    assertThat(summary.reused()).isEqualTo(12);
    assertThat(stored()).hasSize(15);
    assertThat(new ExtractPlanner(conf).plan(1).newImages()).isZero();
    assertThat(new ExtractPlanner(conf).plan(1).mapTasks()).isZero();
  }

  @Test
  void imagesThatAreInNoFileAreAbsentUntilTheyComeBack() throws Exception {
    write("a.seq", 0, 5);
    write("b.seq", 5, 9);
    run();
    Files.delete(images.resolve("b.seq"));
    day(2);

    assertThat(run().images()).isEqualTo(9);

    assertThat(known("image-4").absentSince()).isEmpty();
    assertThat(known("image-5").absentSince()).isEqualTo("2026-03-02");
    write("c.seq", 5, 9);
    day(3);
    ExtractSummary summary = run();
    assertThat(summary.extracted()).isZero();
    assertThat(known("image-5").absentSince()).isEmpty();
  }

  @Test
  void whatWasNotLookedAtIsNotAbsent() throws Exception {
    write("a.seq", 0, 5);
    write("b.seq", 5, 9);
    run();
    write("c.seq", 9, 11);
    old("a.seq");
    old("b.seq");
    conf.set(DicmKeys.EXTRACT_SINCE, LocalDate.now(ZoneOffset.UTC).minusDays(5).toString());
    day(2);

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isEqualTo(2);
    assertThat(summary.skipped()).as("about as many as are in the old files").isBetween(8L, 11L);
    assertThat(known("image-3").absentSince()).isEmpty();
    conf.unset(DicmKeys.EXTRACT_SINCE);
    assertThat(run().reused()).as("all are read when all are asked for").isEqualTo(11);
  }

  @Test
  void forgottenImagesAreNotStoredUntilTheyAreAllowedAgain() throws Exception {
    write("a.seq", 0, 6);
    run();
    Path tombstones = Files.writeString(folder.resolve("forgotten"), "image-2\nimage-7\n");
    conf.set(DicmKeys.FEATURES_TOMBSTONES, tombstones.toUri().toString());
    write("b.seq", 6, 9);
    day(2);

    assertThat(run().extracted()).isEqualTo(2);

    assertThat(stored())
        .extracting(FeatureRecord::imageId)
        .hasSize(7)
        .doesNotContain("image-2", "image-7");
    assertThat(withoutJobs().alreadyThere()).isTrue();
    conf.unset(DicmKeys.FEATURES_TOMBSTONES);
    assertThat(run().extracted()).isEqualTo(2);
    assertThat(stored()).hasSize(9);
  }

  @Test
  void imagesThatACompactionForgotComeBack() throws Exception {
    write("a.seq", 0, 6);
    run();
    new FeatureMaintenance(conf, store(), Clock.systemUTC()).compact(1, Set.of("image-2"));
    assertThat(stored()).hasSize(5);

    assertThat(run().extracted()).isEqualTo(1);

    assertThat(stored()).hasSize(6);
  }

  @Test
  void rejectedImagesStayListedWithoutAJob() throws Exception {
    write("a.seq", 0, 6);
    writeBroken("b.seq", "broken");
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.2");
    run();
    day(2);

    ExtractSummary again = withoutJobs();

    assertThat(again.rejectedByReason()).isEqualTo(Map.of("UNSUPPORTED", 1L));
    assertThat(Files.readString(partition(2).resolve("_rejects/known.jsonl")))
        .contains("\"image_id\":\"broken\"", images.resolve("b.seq") + "#broken");
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.1");
    assertThatThrownBy(this::withoutJobs)
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("1 of 7 images were rejected")
        .hasMessageContaining("b.seq#broken (UNSUPPORTED: ");
  }

  @Test
  void picturesOfAFolderAreKnownInAFileOfMany() throws Exception {
    ImageFiles.writeMany(images, 5);
    run();
    try (var files = Files.list(images)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    write("a.seq", 0, 6);
    day(2);

    ExtractSummary summary = run();

    assertThat(summary.reused()).isEqualTo(5);
    assertThat(summary.extracted()).isEqualTo(1);
    assertThat(summary.images()).isEqualTo(6);
  }

  private void write(String name, int from, int to) throws IOException {
    Path picture = folder.resolve("picture.png");
    try (SequenceFile.Writer writer = writer(name)) {
      for (int i = from; i < to; i++) {
        ImageFiles.writePlain(picture, new Color(i, 128, 0), 20, 10);
        writer.append(new Text("image-" + i), new BytesWritable(Files.readAllBytes(picture)));
      }
    }
  }

  private void writeBroken(String name, String imageId) throws IOException {
    try (SequenceFile.Writer writer = writer(name)) {
      writer.append(new Text(imageId), new BytesWritable(new byte[] {1, 2, 3}));
    }
  }

  private SequenceFile.Writer writer(String name) throws IOException {
    return SequenceFile.createWriter(
        conf,
        SequenceFile.Writer.file(new org.apache.hadoop.fs.Path(images.resolve(name).toUri())),
        SequenceFile.Writer.keyClass(Text.class),
        SequenceFile.Writer.valueClass(BytesWritable.class),
        SequenceFile.Writer.syncInterval(500));
  }

  private void old(String name) throws IOException {
    Files.setLastModifiedTime(images.resolve(name), FileTime.fromMillis(1_000_000_000_000L));
  }

  private void day(int day) {
    conf.set(DicmKeys.RUN_DATE, "2026-03-0" + day);
  }

  private ExtractSummary run() throws IOException, InterruptedException {
    return new ExtractJob(conf).run(ProgressListener.NONE);
  }

  /** Fails when a job is launched: there is no framework that could run it. */
  private ExtractSummary withoutJobs() throws IOException, InterruptedException {
    Configuration broken = new Configuration(conf);
    broken.set("mapreduce.framework.name", "there is none");
    return new ExtractJob(broken).run(ProgressListener.NONE);
  }

  private Path partition(int day) {
    return folder.resolve("workspace/features/mean-color/dt=2026-03-0" + day);
  }

  private FeatureStore store() {
    Workspace workspace = new Workspace(DicmConfiguration.of(conf).path(DicmKeys.WORKSPACE_PATH));
    return FeatureStore.open(conf, workspace.features("mean-color"));
  }

  private IndexEntry known(String imageId) throws IOException {
    return FeatureBase.load(
            conf,
            store(),
            conf.get(DicmKeys.RUN_DATE),
            new MeanColorEncoderProvider().describe(conf),
            Verification.LENGTHS)
        .find(imageId)
        .orElseThrow();
  }

  private List<FeatureRecord> stored() throws IOException {
    List<FeatureRecord> records = new ArrayList<>();
    store().snapshot().scan(bucket -> true, records::add);
    return records;
  }
}
