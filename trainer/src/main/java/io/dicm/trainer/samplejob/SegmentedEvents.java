package io.dicm.trainer.samplejob;

import io.dicm.trainer.samplejob.UserEvent.Clicked;
import io.dicm.trainer.samplejob.UserEvent.Shown;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Sends each event of a map task to the segment of its user and moment, and gives each segment what
 * it has to know of the earlier ones: how many impressions they have, and the latest clicks. For
 * one thread.
 */
final class SegmentedEvents {
  private final EventOutput output;
  private final HeavyUsers heavyUsers;
  private final int maxBehaviors;
  private final ImpressionCounts counts;
  private final Map<String, CarriedClicks> carried = new HashMap<>();

  /**
   * @param maxBehaviors most clicks that a segment needs from before it
   */
  SegmentedEvents(EventOutput output, HeavyUsers heavyUsers, int maxBehaviors) {
    this.output = output;
    this.heavyUsers = heavyUsers;
    this.maxBehaviors = maxBehaviors;
    this.counts = new ImpressionCounts(output);
  }

  /** An impression that is in a sample, which counts. */
  void addImpression(String userId, long timestampSeconds, Shown shown, String tie)
      throws IOException, InterruptedException {
    add(userId, timestampSeconds, shown, tie);
    counts.add(userId, heavyUsers.segment(userId, timestampSeconds), heavyUsers.segments(userId));
  }

  /**
   * Any event.
   *
   * @param tie orders events of one kind at one moment
   */
  void add(String userId, long timestampSeconds, UserEvent event, String tie)
      throws IOException, InterruptedException {
    UserEventKey key = new UserEventKey(userId, timestampSeconds, event, tie);
    int segments = heavyUsers.segments(userId);
    if (segments > 1) {
      key = key.inSegment(heavyUsers.segment(userId, timestampSeconds));
      if (event instanceof Clicked click) {
        carried
            .computeIfAbsent(userId, user -> new CarriedClicks(segments, maxBehaviors))
            .add(key, click);
      }
    }
    output.write(key, new UserEventWritable(event));
  }

  /** Sends what is only known when all rows of the task are. */
  void end() throws IOException, InterruptedException {
    counts.send();
    for (CarriedClicks clicks : carried.values()) {
      clicks.send(output);
    }
    carried.clear();
  }
}
