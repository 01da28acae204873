package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.tier.TierRequest;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.model.StepOutcome;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestProgressiveMetrics {
  @TempDir java.nio.file.Path directory;

  private record Scored(String user, float probability, boolean click) {}

  /** Few different scores, so that there are ties; few users, some with one class. */
  @Property(tries = 200)
  void aWindowRanksAsAPairCountDoes(
      @ForAll @IntRange(min = 1, max = 60) int impressions,
      @ForAll @IntRange(min = 1, max = 12) int users,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    List<Scored> scored = random(impressions, users, new SplittableRandom(seed));
    ScoredWindow window = new ScoredWindow();
    scored.forEach(one -> window.add(window.numberOf(one.user()), one.probability(), one.click()));

    assertThat(window.impressions()).isEqualTo(impressions);
    assertRanking(window.auc(), List.of(scored));
    assertRanking(
        window.gauc(), scored.stream().collect(Collectors.groupingBy(Scored::user)).values());
  }

  @Test
  void aWindowEndsWithTheStepThatFillsItAndWithItsEpoch() {
    SplittableRandom random = new SplittableRandom(3);
    List<List<Scored>> steps = new ArrayList<>();
    ProgressiveMetrics metrics = new ProgressiveMetrics(25);
    for (int step = 1; step <= 5; step++) {
      List<Scored> scored = random(10, 3, random);
      steps.add(scored);
      add(metrics, step, step <= 4 ? 0 : 1, scored);
    }

    List<TrainingCurve.Progressive> points = metrics.points();

    assertThat(points)
        .extracting(TrainingCurve.Progressive::step, TrainingCurve.Progressive::impressions)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(3L, 30L),
            org.assertj.core.groups.Tuple.tuple(4L, 10L),
            org.assertj.core.groups.Tuple.tuple(5L, 10L));
    assertThat(points).extracting(TrainingCurve.Progressive::epoch).containsExactly(0, 0, 1);
    List<Scored> first = steps.subList(0, 3).stream().flatMap(List::stream).toList();
    assertThat(points.get(0).auc()).isCloseTo(auc(first), within(1e-12));
    Collection<List<Scored>> users =
        first.stream().collect(Collectors.groupingBy(Scored::user)).values();
    assertThat(points.get(0).gauc()).isCloseTo(gauc(users), within(1e-12));
  }

  @Test
  void aLongTrainingMakesFewStretchesOfWeightedMeans() {
    SplittableRandom random = new SplittableRandom(5);
    ProgressiveMetrics metrics = new ProgressiveMetrics(1);
    double sum = 0;
    long weight = 0;
    for (int step = 1; step <= 2_000; step++) {
      List<Scored> scored = random(2 + step % 7, 2, random);
      add(metrics, step, 0, scored);
      if (isRanked(scored)) {
        sum += scored.size() * auc(scored);
        weight += scored.size();
      }
    }

    List<TrainingCurve.Progressive> points = metrics.points();

    assertThat(points).hasSizeBetween(128, 256);
    assertThat(points.get(points.size() - 1).step()).isEqualTo(2_000);
    // Windows without both classes count in a stretch's impressions and not in its AUC.
    double mean =
        points.stream().mapToDouble(point -> point.auc() * point.impressions()).sum()
            / points.stream().mapToLong(TrainingCurve.Progressive::impressions).sum();
    assertThat(mean).isCloseTo(sum / weight, within(0.01));
  }

  @Test
  void whatNoPairDefinesIsNull() {
    ProgressiveMetrics metrics = new ProgressiveMetrics(1);
    add(metrics, 1, 0, List.of(new Scored("u", .5f, true), new Scored("u", .4f, true)));
    add(metrics, 2, 0, List.of(new Scored("u", .5f, true), new Scored("v", .4f, false)));

    assertThat(metrics.points())
        .containsExactly(
            new TrainingCurve.Progressive(1, 0, 2, null, null, 0),
            new TrainingCurve.Progressive(2, 0, 2, 1.0, null, 0));
  }

  @Test
  void theLengthOfWindowsFollowsThatOfTheTraining() {
    assertThat(windows(0, 3_000)).isEqualTo(2);
    assertThat(windows(400_000, 8_100)).isEqualTo(2);
    assertThat(windows(1_000_000_000L, 65_700)).isEqualTo(2);
  }

  @Test
  void curvesOfOlderVersionsAreRead() throws Exception {
    java.nio.file.Path file = directory.resolve("training_curve.json");
    Files.writeString(
        file,
        """
        {"worker": 1, "points": [
          {"step": 3, "epoch": 0, "impressions": 30, "loss": 0.5, "impressionsPerSecond": 9.0}]}
        """);
    JsonFiles json = new JsonFiles(new Configuration(false));

    TrainingCurve curve =
        json.read(new Path(file.toUri()), TrainingCurve.class, ErrorCode.INPUT_MISSING);

    assertThat(curve.points()).containsExactly(new TrainingCurve.Point(3, 0, 30, .5, 9));
    assertThat(curve.progressive()).isEmpty();
    TrainingCurve newer =
        new TrainingCurve(
            0, curve.points(), List.of(new TrainingCurve.Progressive(3, 0, 30, .6, null, 0)));
    Path copy = new Path(directory.resolve("copy.json").toUri());
    json.write(copy, newer);
    assertThat(json.read(copy, TrainingCurve.class, ErrorCode.INPUT_MISSING)).isEqualTo(newer);
  }

  /** Windows that so many impressions in steps of ten fill. */
  private static int windows(long expected, int impressions) {
    ProgressiveMetrics metrics = ProgressiveMetrics.forImpressions(expected);
    SplittableRandom random = new SplittableRandom(1);
    for (int step = 1; step <= impressions / 10; step++) {
      add(metrics, step, 0, random(10, 3, random));
    }
    return metrics.points().size() - 1;
  }

  private static void add(ProgressiveMetrics metrics, long step, int epoch, List<Scored> scored) {
    List<Sample> samples = new ArrayList<>();
    float[] probabilities = new float[scored.size()];
    long[] labels = new long[scored.size()];
    for (int i = 0; i < labels.length; i++) {
      probabilities[i] = scored.get(i).probability();
      labels[i] = scored.get(i).click() ? 1 : 0;
      Impression impression =
          new Impression("", "", "", (int) labels[i], 0, new long[0][], new long[0][]);
      samples.add(
          new Sample(
              scored.get(i).user(),
              0,
              new long[0][],
              new Behaviors(new long[0], new long[0][]),
              List.of(impression)));
    }
    Batch batch =
        new Batch(samples, new long[0], new long[0], new long[0], null, labels, TierRequest.NONE);
    metrics.add(
        step,
        epoch,
        batch,
        new StepOutcome(1, probabilities, new float[0], new float[0], new float[0], new float[0]));
  }

  private static List<Scored> random(int impressions, int users, SplittableRandom random) {
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < impressions; i++) {
      scored.add(
          new Scored(
              "user" + random.nextInt(users), random.nextInt(9) / 8f, random.nextInt(3) == 0));
    }
    return scored;
  }

  private static void assertRanking(ScoredWindow.Ranking ranking, Collection<List<Scored>> groups) {
    List<List<Scored>> ranked = groups.stream().filter(TestProgressiveMetrics::isRanked).toList();
    assertThat(ranking.weight()).isEqualTo(ranked.stream().mapToLong(List::size).sum());
    assertThat(ranking.weightedSum())
        .isCloseTo(
            ranked.stream().mapToDouble(group -> group.size() * auc(group)).sum(), within(1e-9));
  }

  private static boolean isRanked(List<Scored> scored) {
    return scored.stream().map(Scored::click).distinct().count() == 2;
  }

  private static double gauc(Collection<List<Scored>> users) {
    List<List<Scored>> ranked = users.stream().filter(TestProgressiveMetrics::isRanked).toList();
    return ranked.stream().mapToDouble(user -> user.size() * auc(user)).sum()
        / ranked.stream().mapToDouble(List::size).sum();
  }

  private static double auc(List<Scored> scored) {
    double won = 0;
    double pairs = 0;
    for (Scored clicked : scored) {
      for (Scored other : scored) {
        if (clicked.click() && !other.click()) {
          won += (1 + Math.signum(clicked.probability() - other.probability())) / 2;
          pairs++;
        }
      }
    }
    return won / pairs;
  }
}
