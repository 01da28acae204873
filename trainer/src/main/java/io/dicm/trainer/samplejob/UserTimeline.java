package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.samplejob.UserEvent.Clicked;
import io.dicm.trainer.samplejob.UserEvent.ImpressionCount;
import io.dicm.trainer.samplejob.UserEvent.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Walks over the events of one user, or of one segment of a user, in the order of {@link
 * UserEventKey} and makes the samples: the impressions of one moment together, with the behaviours
 * strictly older than it. Holds no history but the behaviour window and the impressions of the
 * moment.
 */
final class UserTimeline {
  /** Impressions of one moment beyond this make a further sample, which bounds the memory. */
  private static final int MAX_IMPRESSIONS = 1024;

  private final String userId;
  private final long[][] userKeys;
  private final UserHistory history;
  private final SplitRule rule;
  private final TrainingFilter filter;
  private final SampleConsumer consumer;

  private final List<Impression> pending = new ArrayList<>();
  private SampleSplit pendingSplit;
  private long pendingTimestamp;
  private long total;
  private long rank;

  UserTimeline(
      String userId,
      long[][] userKeys,
      UserHistory history,
      SplitRule rule,
      TrainingFilter filter,
      SampleConsumer consumer) {
    this.userId = userId;
    this.userKeys = userKeys;
    this.history = history;
    this.rule = rule;
    this.filter = filter;
    this.consumer = consumer;
  }

  void add(long timestampSeconds, UserEvent event) throws IOException, InterruptedException {
    if (event instanceof ImpressionCount count) {
      total += count.total();
      rank += count.earlier();
    } else if (event instanceof Shown shown) {
      addImpression(timestampSeconds, shown.impression());
    } else if (event instanceof Clicked click) {
      flush();
      history.add(timestampSeconds, click);
    }
  }

  /** Hands over the last sample. */
  void end() throws IOException, InterruptedException {
    flush();
  }

  private void addImpression(long timestampSeconds, Impression impression)
      throws IOException, InterruptedException {
    SampleSplit split = rule.split(rank, total, timestampSeconds);
    rank++;
    if (split == SampleSplit.TRAIN && isLeftOut(timestampSeconds, impression)) {
      return;
    }
    if (timestampSeconds != pendingTimestamp
        || split != pendingSplit
        || pending.size() == MAX_IMPRESSIONS) {
      flush();
    }
    pendingTimestamp = timestampSeconds;
    pendingSplit = split;
    pending.add(impression);
  }

  private boolean isLeftOut(long timestampSeconds, Impression impression) throws IOException {
    Optional<LeftOut> leftOut = filter.leftOut(userId, timestampSeconds, impression);
    if (leftOut.isPresent()) {
      consumer.leftOut(leftOut.get(), impression.itemId(), timestampSeconds);
    }
    return leftOut.isPresent();
  }

  private void flush() throws IOException, InterruptedException {
    if (pending.isEmpty()) {
      return;
    }
    consumer.accept(
        pendingSplit,
        new Sample(
            userId,
            pendingTimestamp,
            userKeys,
            history.before(pendingSplit, pendingTimestamp),
            List.copyOf(pending)));
    pending.clear();
  }

  /** Takes what becomes of the events. */
  interface SampleConsumer {
    /** A finished sample. */
    void accept(SampleSplit split, Sample sample) throws IOException, InterruptedException;

    /** A training impression that is in no sample. */
    void leftOut(LeftOut reason, String itemId, long timestampSeconds) throws IOException;
  }
}
