package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of which one user has nearly all rows, through the whole job. */
class TestSkewedUsers {
  private static final int REDUCERS = 4;

  private final Configuration conf = SampleTestInput.configuration();

  @TempDir private java.nio.file.Path directory;
  private SampleTestInput input;

  @BeforeEach
  void writeLog() throws IOException {
    input = new SampleTestInput(Files.createDirectory(directory.resolve("in")));
    Random random = new Random(3);
    StringBuilder log = new StringBuilder("user_id,item_id,ts,label,hour\n");
    for (int i = 0; i < 8000; i++) {
      String user = random.nextInt(20) == 0 ? "u" + random.nextInt(30) : "heavy";
      log.append(user).append(',').append("abc".charAt(random.nextInt(3)));
      log.append(',').append(random.nextInt(5000)).append(',').append(random.nextInt(2));
      log.append(",7\n");
    }
    input.write("impressions.csv", log.toString());
    conf.setInt(DicmKeys.SAMPLES_REDUCERS, REDUCERS);
    conf.setInt("mapreduce.input.fileinputformat.split.maxsize", 40_000); // Several map tasks.
  }

  @Test
  void oneUserLoadsAllReducersAndTheSamplesAreTheSame() throws Exception {
    SampleManifest whole = run("whole", 0);
    SampleManifest cut = run("cut", 500);

    assertThat(cut).isEqualTo(whole);
    ReadSamples expected = ReadSamples.of(conf, input.path(), target("whole"));
    ReadSamples made = ReadSamples.of(conf, input.path(), target("cut"));
    assertThat(DefinedJoin.lines(made.train())).isEqualTo(DefinedJoin.lines(expected.train()));
    assertThat(DefinedJoin.lines(made.test())).isEqualTo(DefinedJoin.lines(expected.test()));
    assertThat(mostOfOneFile("whole")).isGreaterThan(made.train().size() * 9L / 10);
    assertThat(mostOfOneFile("cut")).isLessThan(made.train().size() / 2L);
  }

  @Test
  void filesHaveAUsersSamplesTogetherInTimeOrderAndNothingOfTheSurvey() throws Exception {
    run("cut", 500);

    for (List<Sample> file : files("cut")) {
      assertThat(file).isNotEmpty();
      Set<String> users = new HashSet<>();
      for (int i = 0; i < file.size(); i++) {
        Sample before = i == 0 ? null : file.get(i - 1);
        if (before != null && before.userId().equals(file.get(i).userId())) {
          assertThat(file.get(i).timestampSeconds()).isGreaterThan(before.timestampSeconds());
        } else {
          assertThat(users.add(file.get(i).userId())).as("the first of the user").isTrue();
        }
      }
    }
    FileSystem fs = target("cut").getFileSystem(conf);
    assertThat(fs.exists(new Path(target("cut"), SurveyJob.DIRECTORY))).isFalse();
  }

  /** The rule is about bytes, so that small logs cost no job more. */
  @Test
  void smallLogsAreNotLookedOver() throws Exception {
    SampleInput tables = SampleInput.check(conf, new InputLayout(input.path()));
    SurveyJob survey = new SurveyJob(conf, null);
    long bytes = Files.size(directory.resolve("in/impressions.csv"));

    assertThat(survey.mayFindHeavyUsers(tables.tables(), settings(bytes - 1))).isTrue();
    assertThat(survey.mayFindHeavyUsers(tables.tables(), settings(bytes))).isFalse();
    assertThat(survey.mayFindHeavyUsers(tables.tables(), settings(0))).isFalse();
    input.write("behaviors.csv", "ts,user_id,item_id\n100,u,c\n");
    tables = SampleInput.check(conf, new InputLayout(input.path()));
    assertThat(survey.mayFindHeavyUsers(tables.tables(), settings(bytes))).isTrue();
  }

  private SampleSettings settings(long maxUserEvents) {
    conf.setLong(DicmKeys.SAMPLES_MAX_USER_EVENTS, maxUserEvents);
    return SampleSettings.of(conf);
  }

  private SampleManifest run(String name, long maxUserEvents)
      throws IOException, InterruptedException {
    conf.setLong(DicmKeys.SAMPLES_MAX_USER_EVENTS, maxUserEvents);
    return new SamplesJob(conf).run(input.path(), target(name), ProgressListener.NONE);
  }

  private Path target(String name) {
    return new Path(directory.resolve("out/run=" + name).toUri());
  }

  private long mostOfOneFile(String name) throws IOException {
    return files(name).stream().mapToLong(List::size).max().orElseThrow();
  }

  /** The training samples, file by file. */
  private List<List<Sample>> files(String name) throws IOException {
    FeatureSchema schema = FeatureSchema.read(conf, new InputLayout(input.path()).features());
    Path train = new Path(target(name), "train");
    List<List<Sample>> files = new ArrayList<>();
    for (FileStatus file : train.getFileSystem(conf).listStatus(train)) {
      List<Sample> samples = new ArrayList<>();
      try (SampleSource source = SampleFiles.sequential(conf, file.getPath(), schema, 0, 1)) {
        for (Sample sample = source.next(); sample != null; sample = source.next()) {
          samples.add(sample);
        }
      }
      files.add(samples);
    }
    return files;
  }
}
