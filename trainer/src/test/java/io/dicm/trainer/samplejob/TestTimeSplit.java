package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.importer.ImportTarget;
import io.dicm.trainer.importer.MovieLensFeatures;
import io.dicm.trainer.importer.MovieLensImporter;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imported ratings split by time have no leak, and a leak that somebody plants is found. */
class TestTimeSplit {
  private static final int USERS = 4;
  private static final int RATINGS = 40;
  private static final int FILMS = 60;

  private final Configuration conf = SampleTestInput.configuration();

  @TempDir private java.nio.file.Path directory;
  private Path input;
  private LeakCheck check;

  /** Every user rates many films in few moments, so that many ratings share a second. */
  @BeforeEach
  void importRatings() throws Exception {
    conf.set(DicmKeys.SAMPLES_MAX_BEHAVIORS, "30");
    java.nio.file.Path source = Files.createDirectory(directory.resolve("source"));
    Files.createDirectory(source.resolve("images"));
    StringBuilder films = new StringBuilder("itemId,title,categories\n");
    for (int film = 0; film < FILMS; film++) {
      films.append(film).append(",Film,Drama\n");
      Files.write(source.resolve("images/" + film + ".jpg"), new byte[] {1});
    }
    Files.writeString(source.resolve("items.csv"), films);
    Files.writeString(source.resolve("interactions.csv"), ratings());
    input = new Path(directory.resolve("input").toUri());
    new MovieLensImporter(conf, MovieLensFeatures.IDS)
        .run(new Path(source.toUri()), new ImportTarget(input, false), ProgressListener.NONE);
    check = new LeakCheck(conf, new InputLayout(input));
  }

  @ParameterizedTest
  @ValueSource(strings = {"user-fraction:0.8", "last-days:1"})
  void importedRatingsHaveNoLeak(String split) throws Exception {
    ReadSamples samples = make(split);

    assertThat(samples.train()).isNotEmpty();
    assertThat(samples.test())
        .isNotEmpty()
        .anyMatch(sample -> sample.behaviors().imageKeys().length > 5);
    assertThat(check.findings(samples)).isEmpty();
    if (split.startsWith("last-days")) {
      assertThat(LeakCheck.findingsAcrossUsers(samples)).isEmpty();
    }
  }

  /** The samples are as the job made them, of clicks that somebody dated a second too early. */
  @Test
  void findsBehavioursOfTheImpressionsOwnSecond() throws Exception {
    java.nio.file.Path log = directory.resolve("input/impressions.csv");
    String early =
        Files.readAllLines(log).stream()
            .skip(1)
            .map(line -> line.split(",", -1))
            .filter(fields -> fields[3].equals("1"))
            .map(fields -> fields[0] + "," + fields[1] + "," + (Long.parseLong(fields[2]) - 1))
            .collect(Collectors.joining("\n", "user_id,item_id,ts\n", "\n"));
    Files.writeString(directory.resolve("input/behaviors.csv"), early);

    assertThat(check.findings(make("user-fraction:0.8")))
        .isNotEmpty()
        .allMatch(finding -> finding.endsWith("that is not older"));
  }

  @Test
  void findsASingleClickThatItsOwnImpressionKnows() throws Exception {
    ReadSamples samples = make("user-fraction:0.8");
    List<Sample> train = new ArrayList<>(samples.train());
    int place = 0;
    while (train.get(place).impressions().get(0).label() == 0) {
      place++;
    }
    train.set(place, knowing(train.get(place)));

    assertThat(check.findings(new ReadSamples(train, samples.test())))
        .singleElement()
        .asString()
        .startsWith(train.get(place).userId() + "@" + train.get(place).timestampSeconds());
  }

  @Test
  void findsATestImpressionInTraining() throws Exception {
    ReadSamples samples = make("user-fraction:0.8");
    List<Sample> train = new ArrayList<>(samples.train());
    List<Sample> test = new ArrayList<>(samples.test());
    Sample last = test.get(test.size() - 1);
    train.add(last);

    assertThat(check.findings(new ReadSamples(train, test)))
        .anyMatch(finding -> finding.endsWith("is in both splits"));
    test.remove(last);
    assertThat(check.findings(new ReadSamples(train, test)))
        .singleElement()
        .asString()
        .contains("is in training, later than a test impression of the user");
  }

  @Test
  void findsTrainingAfterTheFirstTestDay() throws Exception {
    ReadSamples samples = make("last-days:1");
    List<Sample> train = new ArrayList<>(samples.train());
    train.add(samples.test().get(0));

    assertThat(LeakCheck.findingsAcrossUsers(new ReadSamples(train, samples.test()))).hasSize(1);
  }

  private ReadSamples make(String split) throws IOException, InterruptedException {
    conf.set(DicmKeys.SAMPLES_SPLIT, split);
    Path samples = new Path(directory.resolve("samples").toUri());
    new SamplesJob(conf).run(input, samples, ProgressListener.NONE);
    return ReadSamples.of(conf, input, samples);
  }

  private static String ratings() {
    Random random = new Random(3);
    StringBuilder ratings = new StringBuilder("userId,itemId,rating,timestamp\n");
    for (int user = 0; user < USERS; user++) {
      List<Integer> films = random.ints(0, FILMS).distinct().limit(RATINGS).boxed().toList();
      for (int film : films) {
        long moment = random.nextInt(3) * 86_400L + 1000 + random.nextInt(4);
        ratings.append("%d,%d,%d,%d\n".formatted(user, film, random.nextInt(1, 6), moment));
      }
    }
    return ratings.toString();
  }

  /** The sample with its first impression's item as its latest behaviour. */
  private static Sample knowing(Sample sample) {
    long[][] idKeys = sample.behaviors().idKeys().clone();
    for (int field = 0; field < idKeys.length; field++) {
      idKeys[field] = and(idKeys[field], sample.impressions().get(0).itemKeys()[field][0]);
    }
    return new Sample(
        sample.userId(),
        sample.timestampSeconds(),
        sample.userKeys(),
        new Behaviors(
            and(sample.behaviors().imageKeys(), sample.impressions().get(0).imageKey()), idKeys),
        sample.impressions());
  }

  private static long[] and(long[] keys, long key) {
    long[] longer = Arrays.copyOf(keys, keys.length + 1);
    longer[keys.length] = key;
    return longer;
  }
}
