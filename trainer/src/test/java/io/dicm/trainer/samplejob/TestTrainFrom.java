package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of a day that goes on where earlier ones ended. */
class TestTrainFrom {
  private static final String LOG =
      """
      user_id,item_id,ts,label,hour,impression_id
      u,a,2024-05-01T10:00:00Z,1,7,before-1
      u,b,2024-05-01T11:00:00Z,0,7,before-2
      u,b,2024-05-02T00:00:00Z,0,7,second-1
      u,a,2024-05-02T11:00:00Z,0,7,second-2
      u,b,2024-05-03T12:00:00Z,1,7,third-1
      u,a,2024-05-03T13:00:00Z,0,7,third-2
      """;

  private final Configuration conf = SampleTestInput.configuration();

  @TempDir private java.nio.file.Path directory;
  private SampleTestInput input;
  private Path target;

  @BeforeEach
  void setUp() throws IOException {
    input = new SampleTestInput(Files.createDirectory(directory.resolve("in")));
    input.write("impressions.csv", LOG);
    target = new Path(directory.resolve("out/run=r").toUri());
  }

  /** The fraction is one of what is left, else whoever has a long history would only be tested. */
  @Test
  void earlierImpressionsAreBehavioursAlone() throws Exception {
    conf.set(DicmKeys.SAMPLES_SPLIT, "user-fraction:0.5");
    conf.set(DicmKeys.SAMPLES_TRAIN_FROM, "2024-05-02");

    SampleManifest manifest = run();

    assertThat(manifest.leftOut()).isEqualTo(Map.of("before_train_from", 2L));
    assertThat(manifest.trainFrom()).isEqualTo(conf.get(DicmKeys.SAMPLES_TRAIN_FROM));
    assertThat(SampleManifest.read(conf, target)).isEqualTo(manifest);
    List<Sample> train = read("train");
    assertThat(ids(train)).containsExactly("second-1", "second-2");
    assertThat(train.get(0).behaviors().imageKeys())
        .as("a click of the day before")
        .containsExactly(Fingerprints.imageKey("pa"));
    assertThat(ids(read("test"))).containsExactly("third-1", "third-2");
  }

  /** An item is not new because earlier days are left to earlier runs. */
  @Test
  void itemsKeepTheirAgeAndExposures() throws Exception {
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:1");
    conf.set(DicmKeys.SAMPLES_TRAIN_FROM, "2024-05-02");

    run();

    ItemStatistics items = ItemStatistics.load(conf, target);
    long third = LocalDate.of(2024, 5, 3).toEpochSecond(LocalTime.of(13, 0), ZoneOffset.UTC);
    assertThat(items.ageDays("a", third)).isEqualTo(2);
    assertThat(items.ageDays("b", third)).isEqualTo(2);
    assertThat(items.trainExposures("a")).isEqualTo(1);
    assertThat(items.trainClicks("a")).as("of the samples").isZero();
    assertThat(items.shownExposures("a")).as("one of the day before too").isEqualTo(2);
  }

  @Test
  void testedDaysStayWhole() throws Exception {
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:2");
    conf.set(DicmKeys.SAMPLES_TRAIN_FROM, "2024-05-03");
    assertThatThrownBy(this::run)
        .hasMessageContaining("Cannot train: ")
        .hasMessageContaining(
            "under dicm.samples.split=last-days:2, and left out were {before_train_from=2}.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);

    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:1");
    conf.set(DicmKeys.SAMPLES_TRAIN_FROM, "2024-05-02");
    run();

    assertThat(ids(read("train"))).containsExactly("second-1", "second-2");
    assertThat(ids(read("test"))).containsExactly("third-1", "third-2");
  }

  /** Each day is tested by one run before the next one trains on it. */
  @Test
  void consecutiveDaysTrainOnEachDayOnce() {
    LocalDate day = LocalDate.of(2024, 5, 3);
    conf.set(DicmKeys.SAMPLES_SPLIT, "user-fraction:0.8");
    assertThat(SamplesJob.trainFromOfDay(conf, day)).isEqualTo("2024-05-03");
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:1");
    assertThat(SamplesJob.trainFromOfDay(conf, day)).isEqualTo("2024-05-02");
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:7");
    assertThat(SamplesJob.trainFromOfDay(conf, day)).isEqualTo("2024-04-26");
  }

  @Test
  void refusesWhatIsNoDay() {
    conf.set(DicmKeys.SAMPLES_TRAIN_FROM, "yesterday");

    assertThatThrownBy(() -> SamplesJob.checkSettings(conf))
        .hasMessage(
            "Cannot use dicm.samples.train-from: was 'yesterday', allowed is a day as YYYY-MM-DD.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  private SampleManifest run() throws IOException, InterruptedException {
    return new SamplesJob(conf).run(input.path(), target, ProgressListener.NONE);
  }

  private List<Sample> read(String split) throws IOException {
    FeatureSchema schema = FeatureSchema.read(conf, new Path(input.path(), "features.json"));
    List<Sample> samples = new ArrayList<>();
    try (SampleSource source =
        SampleFiles.sequential(conf, new Path(target, split), schema, 0, 1)) {
      for (Sample sample = source.next(); sample != null; sample = source.next()) {
        samples.add(sample);
      }
    }
    return samples;
  }

  private static List<String> ids(List<Sample> samples) {
    return samples.stream()
        .flatMap(sample -> sample.impressions().stream())
        .map(Impression::impressionId)
        .toList();
  }
}
