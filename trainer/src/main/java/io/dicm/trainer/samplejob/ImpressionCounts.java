package io.dicm.trainer.samplejob;

import io.dicm.trainer.samplejob.UserEvent.ImpressionCount;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Counts the impressions of a map task by user and segment, and tells every segment of a user how
 * many there are in all and before it: the places of its impressions among the user's. For one
 * thread.
 */
final class ImpressionCounts {
  /** Users counted before the counts are handed on, which bounds the memory. */
  private static final int MAX_COUNTED_USERS = 100_000;

  private final EventOutput output;
  private final Map<String, long[]> users = new HashMap<>();

  ImpressionCounts(EventOutput output) {
    this.output = output;
  }

  /**
   * @param segment of the impression, from 0
   * @param segments of the user
   */
  void add(String userId, int segment, int segments) throws IOException, InterruptedException {
    users.computeIfAbsent(userId, user -> new long[segments])[segment]++;
    if (users.size() == MAX_COUNTED_USERS) {
      send();
    }
  }

  /** Hands the counts on and begins anew. */
  void send() throws IOException, InterruptedException {
    for (Map.Entry<String, long[]> user : users.entrySet()) {
      send(user.getKey(), user.getValue());
    }
    users.clear();
  }

  private void send(String userId, long[] impressions) throws IOException, InterruptedException {
    long total = LongStream.of(impressions).sum();
    long earlier = 0;
    for (int segment = 0; segment < impressions.length; segment++) {
      ImpressionCount count = new ImpressionCount(total, earlier);
      UserEventKey key = new UserEventKey(userId, 0, count, "").inSegment(segment);
      output.write(key, new UserEventWritable(count));
      earlier += impressions[segment];
    }
  }
}
