package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmKeys;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.samplejob.SplitRule.LastDays;
import io.dicm.trainer.samplejob.UserEvent.Clicked;
import io.dicm.trainer.samplejob.UserEvent.ImpressionCount;
import io.dicm.trainer.samplejob.UserEvent.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TestUserTimeline {
  private static final long[][] NO_KEYS = {};
  private static final long SECONDS_PER_DAY = 86_400;
  private static final TrainingFilter ALL =
      new TrainingFilter(new SeededShare(1, "items", 0), new SeededShare(1, "negatives", 1));

  private final List<Sample> train = new ArrayList<>();
  private final List<Sample> test = new ArrayList<>();

  /** The join, written as its definition, against random histories. */
  @RepeatedTest(200)
  void equalsTheJoinByDefinition(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    int maxBehaviors = random.nextInt(6);
    int windowDays = random.nextInt(3);
    SplitRule rule = rule(random);
    List<Event> impressions = events(random, random.nextInt(30));
    List<Event> clicks = events(random, random.nextInt(30));

    walk(impressions, clicks, history(maxBehaviors, windowDays), rule);

    impressions.sort(Event.ORDER);
    clicks.sort(Event.ORDER);
    List<String> expectedTrain = new ArrayList<>();
    List<String> expectedTest = new ArrayList<>();
    for (int rank = 0; rank < impressions.size(); rank++) {
      Event impression = impressions.get(rank);
      long[] behaviors = earlier(clicks, impression, maxBehaviors, windowDays);
      boolean training =
          rule.split(rank, impressions.size(), impression.timestampSeconds) == SampleSplit.TRAIN;
      (training ? expectedTrain : expectedTest).add(line(impression, behaviors));
    }
    assertThat(lines(train)).isEqualTo(expectedTrain);
    assertThat(lines(test)).isEqualTo(expectedTest);
    assertThat(train).allMatch(TestUserTimeline::fieldsAgree);
  }

  @Test
  void groupsTheImpressionsOfOneMomentAndCutsThemAtTheSplit() throws Exception {
    List<Event> impressions = List.of(new Event(5, 1), new Event(5, 2), new Event(5, 3));

    walk(impressions, List.of(), history(3, 0), SplitRule.parse("user-fraction:0.7"));

    assertThat(train).hasSize(1);
    assertThat(train.get(0).impressions()).hasSize(2);
    assertThat(test).hasSize(1);
    assertThat(test.get(0).impressions()).hasSize(1);
  }

  @Test
  void cutsMomentsOfVeryManyImpressions() throws Exception {
    List<Event> impressions = LongStream.range(0, 2500).mapToObj(i -> new Event(5, i)).toList();

    walk(impressions, List.of(), history(3, 0), new LastDays(1, 6));

    assertThat(train)
        .extracting(sample -> sample.impressions().size())
        .containsExactly(1024, 1024, 452);
  }

  private static SplitRule rule(Random random) {
    return random.nextBoolean()
        ? SplitRule.parse("user-fraction:0." + random.nextInt(1, 10))
        : new LastDays(1, Long.MAX_VALUE).until(random.nextInt(4) * SECONDS_PER_DAY);
  }

  /** Few distinct moments, so that many coincide. */
  private static List<Event> events(Random random, int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(new Event(random.nextInt(10) * (SECONDS_PER_DAY / 4), random.nextInt(1000)));
    }
    return events;
  }

  private static long[] earlier(
      List<Event> sortedClicks, Event impression, int maxBehaviors, int windowDays) {
    long[] all =
        sortedClicks.stream()
            .filter(click -> click.timestampSeconds < impression.timestampSeconds)
            .filter(
                click ->
                    windowDays == 0
                        || click.timestampSeconds
                            >= impression.timestampSeconds - windowDays * SECONDS_PER_DAY)
            .mapToLong(Event::item)
            .toArray();
    return LongStream.of(all).skip(Math.max(0, all.length - maxBehaviors)).toArray();
  }

  /** Sorts as the shuffle does, by key alone. */
  private void walk(
      List<Event> impressions, List<Event> clicks, UserHistory history, SplitRule rule)
      throws IOException, InterruptedException {
    List<Keyed> keyed = new ArrayList<>();
    keyed.add(keyed(0, new ImpressionCount(impressions.size(), 0), ""));
    for (Event event : impressions) {
      keyed.add(keyed(event.timestampSeconds, new Shown(event.impression()), event.tie()));
    }
    for (Event event : clicks) {
      Clicked click = new Clicked(event.item, new long[] {-event.item}, false);
      keyed.add(keyed(event.timestampSeconds, click, event.tie()));
    }
    keyed.sort(Comparator.comparing(Keyed::key));
    UserTimeline timeline = new UserTimeline("u", NO_KEYS, history, rule, ALL, new Samples());
    for (Keyed one : keyed) {
      timeline.add(one.key.timestampSeconds(), one.event);
    }
    timeline.end();
  }

  private static UserHistory history(int maxBehaviors, int windowDays) {
    Configuration conf = SampleTestInput.configuration();
    conf.setInt(DicmKeys.SAMPLES_MAX_BEHAVIORS, maxBehaviors);
    conf.setInt(DicmKeys.SAMPLES_WINDOW_DAYS, windowDays);
    return UserHistory.of(SampleSettings.of(conf), ALL, 1);
  }

  private static Keyed keyed(long timestampSeconds, UserEvent event, String tie) {
    return new Keyed(new UserEventKey("u", timestampSeconds, event, tie), event);
  }

  private static List<String> lines(List<Sample> samples) {
    List<String> lines = new ArrayList<>();
    for (Sample sample : samples) {
      for (Impression impression : sample.impressions()) {
        Event event = new Event(sample.timestampSeconds(), impression.imageKey());
        lines.add(line(event, sample.behaviors().imageKeys()));
      }
    }
    return lines;
  }

  private static String line(Event impression, long[] behaviors) {
    return impression + " after " + java.util.Arrays.toString(behaviors);
  }

  private static boolean fieldsAgree(Sample sample) {
    Behaviors behaviors = sample.behaviors();
    return java.util.Arrays.equals(
        LongStream.of(behaviors.imageKeys()).map(key -> -key).toArray(), behaviors.idKeys()[0]);
  }

  /** Sorts the samples by split. */
  private final class Samples implements UserTimeline.SampleConsumer {
    @Override
    public void accept(SampleSplit split, Sample sample) {
      (split == SampleSplit.TRAIN ? train : test).add(sample);
    }

    @Override
    public void leftOut(LeftOut reason, String itemId, long timestampSeconds) {
      throw new AssertionError(reason);
    }
  }

  private record Keyed(UserEventKey key, UserEvent event) {}

  private record Event(long timestampSeconds, long item) {
    private static final Comparator<Event> ORDER =
        Comparator.comparingLong(Event::timestampSeconds).thenComparing(Event::tie);

    String tie() {
      return "item-%04d".formatted(item);
    }

    Impression impression() {
      return new Impression(tie(), tie(), "", 0, item, NO_KEYS, NO_KEYS);
    }
  }
}
