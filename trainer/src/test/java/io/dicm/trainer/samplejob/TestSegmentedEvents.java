package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.trainer.samplejob.UserEvent.Clicked;
import io.dicm.trainer.samplejob.UserEvent.ImpressionCount;
import io.dicm.trainer.samplejob.UserEvent.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mrunit.types.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** User h is cut at 10, 20 and 30 seconds. */
class TestSegmentedEvents {
  private static final Shown SHOWN = new Shown(null);

  private final List<UserEventKey> keys = new ArrayList<>();
  private final List<UserEvent> values = new ArrayList<>();

  @TempDir private java.nio.file.Path directory;

  @Test
  void eventsGoToTheSegmentOfTheirMoment() throws Exception {
    SegmentedEvents events = events(2);
    events.add("h", 9, SHOWN, "a");
    events.add("h", 10, SHOWN, "b");
    events.add("h", 35, click(1), "c");
    events.add("u", 35, SHOWN, "d");
    events.add("u", 36, click(2), "e");

    assertThat(keys)
        .extracting(UserEventKey::toString)
        .containsExactly("h@9/1/a", "h#1@10/1/b", "h#3@35/2/c", "u@35/1/d", "u@36/2/e");
    events.end();
    assertThat(keys).as("no segment follows that needs the clicks").hasSize(5);
  }

  @Test
  void everySegmentIsToldHowManyImpressionsThereAreAndWereBefore() throws Exception {
    SegmentedEvents events = events(2);
    for (long moment : new long[] {31, 5, 12, 6, 13, 14}) {
      events.addImpression("h", moment, SHOWN, "a");
    }
    events.addImpression("u", 31, SHOWN, "a");
    int shown = keys.size();

    events.end();

    List<String> counts = new ArrayList<>();
    for (int i = shown; i < keys.size(); i++) {
      counts.add(keys.get(i).userId() + " " + keys.get(i).segment() + " " + values.get(i));
    }
    assertThat(counts)
        .containsExactlyInAnyOrder(
            "h 0 " + new ImpressionCount(6, 0),
            "h 1 " + new ImpressionCount(6, 2),
            "h 2 " + new ImpressionCount(6, 5),
            "h 3 " + new ImpressionCount(6, 5),
            "u 0 " + new ImpressionCount(1, 0));
  }

  @Test
  void aSegmentGetsTheLatestClicksOfThoseBeforeInWhateverOrderTheyCome() throws Exception {
    SegmentedEvents events = events(2);
    for (long moment : new long[] {3, 1, 2, 22, 11, 36}) {
      events.add("h", moment, click(moment), "a");
    }

    events.end();

    assertThat(carried(1)).containsExactly(2L, 3L);
    assertThat(carried(2)).containsExactly(3L, 11L);
    assertThat(carried(3)).containsExactly(11L, 22L);
  }

  /** The window of test samples needs 6 and 7, that of training 1 and 2: 5 is in neither. */
  @Test
  void clicksOfHeldOutItemsDoNotPushOutTheOthers() throws Exception {
    SegmentedEvents events = events(2);
    for (long moment : new long[] {0, 1, 2}) {
      events.add("h", moment, click(moment), "a");
    }
    for (long moment : new long[] {5, 6, 7}) {
      events.add("h", moment, new Clicked(moment, new long[0], true), "a");
    }

    events.end();

    assertThat(carried(1)).containsExactly(1L, 2L, 6L, 7L);
  }

  @Test
  void noClicksAreCarriedForWindowsOfNone() throws Exception {
    SegmentedEvents events = events(0);
    events.add("h", 1, click(1), "a");

    events.end();

    assertThat(keys).hasSize(1);
  }

  private SegmentedEvents events(int maxBehaviors) throws IOException {
    Configuration conf = SampleTestInput.configuration();
    Path path = new Path(directory.toUri());
    List<Pair<Text, LongWritable>> boundaries =
        LongStream.of(10, 20, 30)
            .mapToObj(moment -> new Pair<>(new Text("h"), new LongWritable(moment)))
            .toList();
    HeavyUserFiles.write(conf, path, boundaries);
    return new SegmentedEvents(
        (key, value) -> {
          keys.add(key);
          values.add(value.event());
        },
        HeavyUsers.read(conf, path),
        maxBehaviors);
  }

  /** Moments of the clicks that came to a segment from before it, in their order there. */
  private List<Long> carried(int segment) {
    return keys.stream()
        .filter(key -> key.segment() == segment && key.timestampSeconds() < segment * 10L)
        .sorted()
        .map(UserEventKey::timestampSeconds)
        .toList();
  }

  private static Clicked click(long imageKey) {
    return new Clicked(imageKey, new long[0], false);
  }
}
