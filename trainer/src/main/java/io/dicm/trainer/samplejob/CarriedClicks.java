package io.dicm.trainer.samplejob;

import io.dicm.trainer.samplejob.UserEvent.Clicked;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The clicks of one map task that later segments of a user need: of each segment the latest ones.
 * They are the task's part of the behaviour windows with which those segments begin. For one
 * thread.
 */
final class CarriedClicks {
  private final int segments;
  private final int maxBehaviors;
  private final Map<Integer, LatestClicks> ofSegments = new TreeMap<>();

  /**
   * @param segments of the user, 2 or more
   * @param maxBehaviors most clicks that a segment needs from before it
   */
  CarriedClicks(int segments, int maxBehaviors) {
    this.segments = segments;
    this.maxBehaviors = maxBehaviors;
  }

  /** Adds a click, in any order. */
  void add(UserEventKey key, Clicked click) {
    if (key.segment() < segments - 1) {
      ofSegments
          .computeIfAbsent(key.segment(), segment -> new LatestClicks(maxBehaviors))
          .add(new KeyedClick(key, click));
    }
  }

  /** Sends each segment the latest clicks of all segments before it. */
  void send(EventOutput output) throws IOException, InterruptedException {
    LatestClicks latest = new LatestClicks(maxBehaviors);
    for (int segment = 1; segment < segments; segment++) {
      LatestClicks before = ofSegments.get(segment - 1);
      if (before != null) {
        before.all().forEach(latest::add);
      }
      for (KeyedClick clicked : latest.all()) {
        output.write(clicked.key().inSegment(segment), new UserEventWritable(clicked.click()));
      }
    }
  }
}
