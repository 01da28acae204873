package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import io.dicm.feature.encode.MeanColorEncoderProvider;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.JobID;
import org.apache.hadoop.mapreduce.OutputCommitter;
import org.apache.hadoop.mapreduce.RecordWriter;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.mapreduce.task.JobContextImpl;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts of one reduce task as MapReduce makes them: one after the other, or two at a time. */
class TestFeatureOutputFormat {
  private static final JobID JOB = new JobID("test", 1);

  @TempDir Path folder;
  private Configuration conf;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void setUpJob() throws IOException {
    conf = new Configuration();
    conf.set(FileOutputFormat.OUTDIR, folder.toUri().toString());
    conf.setBoolean(FileOutputCommitter.SUCCESSFUL_JOB_OUTPUT_DIR_MARKER, false);
    TaskSettings.setExtractor(conf, new MeanColorEncoderProvider().describe(conf));
    committer(0).setupJob(new JobContextImpl(conf, JOB));
  }

  @Test
  void ofTwoAttemptsAtATimeOneCounts() throws Exception {
    RecordWriter<NullWritable, ExtractedImage> first = begin(0);
    RecordWriter<NullWritable, ExtractedImage> second = begin(1);
    write(first, "a", "b");
    write(second, "a", "b");
    first.close(attempt(0));
    second.close(attempt(1));
    committer(1).commitTask(attempt(1));
    committer(0).abortTask(attempt(0));

    commitJob();

    assertThat(parts().written())
        .singleElement()
        .satisfies(w -> assertThat(w.file().rows()).isEqualTo(2));
    assertThat(parts().rejectedByReason()).isEqualTo(Map.of("EMPTY", 1L));
  }

  @Test
  void anAttemptThatDiedLeavesNothing() throws Exception {
    RecordWriter<NullWritable, ExtractedImage> died = begin(0);
    write(died, "a", "b", "c");
    RecordWriter<NullWritable, ExtractedImage> second = begin(1);
    write(second, "a", "b");
    second.close(attempt(1));
    committer(1).commitTask(attempt(1));

    commitJob();

    assertThat(parts().written())
        .singleElement()
        .satisfies(w -> assertThat(w.file().rows()).isEqualTo(2));
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()))
          .filteredOn(name -> !name.endsWith(".crc"))
          .containsExactlyInAnyOrder(
              "part-r-00000.parquet",
              FeatureManifest.REJECTS + "/part-r-00000.jsonl",
              OutcomeFile.DIRECTORY + "/part-r-00000",
              PartStatistics.DIRECTORY + "/part-r-00000.json");
    }
  }

  private RecordWriter<NullWritable, ExtractedImage> begin(int attempt) throws IOException {
    committer(attempt).setupTask(attempt(attempt));
    return new FeatureOutputFormat().getRecordWriter(attempt(attempt));
  }

  private void commitJob() throws IOException {
    committer(0).commitJob(new JobContextImpl(conf, JOB));
  }

  private StagedParts parts() throws IOException {
    return StagedParts.read(conf, new org.apache.hadoop.fs.Path(folder.toUri()));
  }

  /** Each attempt is a process with a committer of its own. */
  private OutputCommitter committer(int attempt) throws IOException {
    return new FeatureOutputFormat().getOutputCommitter(attempt(attempt));
  }

  private TaskAttemptContext attempt(int number) {
    TaskID task = new TaskID(JOB, TaskType.REDUCE, 0);
    return new TaskAttemptContextImpl(conf, new TaskAttemptID(task, number));
  }

  private static void write(RecordWriter<NullWritable, ExtractedImage> out, String... imageIds)
      throws IOException, InterruptedException {
    List<String> sorted =
        Stream.of(imageIds)
            .sorted(Comparator.comparing(id -> new ImageKey(Fingerprints.imageKey(id))))
            .toList();
    for (String id : sorted) {
      out.write(
          NullWritable.get(),
          ExtractedImage.of(
              id + ".png",
              new FeatureRecord(
                  id, Fingerprints.imageKey(id), "digest", new float[] {1f, 2f, 3f}, 4, 5, 6L)));
    }
    out.write(
        NullWritable.get(),
        ExtractedImage.rejected(
            "bad", "bad.png", new RejectedImage(RejectionReason.EMPTY, "no bytes")));
  }
}
