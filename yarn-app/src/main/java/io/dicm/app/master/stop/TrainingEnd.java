package io.dicm.app.master.stop;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Ends an incarnation of a training on request: as soon as there is a checkpoint that is newer than
 * the request, so that little is lost, or when that takes too long. For one thread.
 */
public final class TrainingEnd implements AutoCloseable {
  private final StopRequest request;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final LongFunction<String> checkpointName;
  private OptionalLong before = OptionalLong.empty();
  private long askedNanos;
  private boolean waits;
  private boolean ends;
  private OptionalLong newest = OptionalLong.empty();
  private StopRequest.Scope attendance;

  /**
   * @param patience longest wait for a checkpoint
   * @param nanoTime {@link System#nanoTime}
   * @param checkpointName where the checkpoint of a step lies
   */
  public TrainingEnd(
      StopRequest request,
      Duration patience,
      LongSupplier nanoTime,
      LongFunction<String> checkpointName) {
    this.request = request;
    this.patience = patience;
    this.nanoTime = nanoTime;
    this.checkpointName = checkpointName;
  }

  /**
   * To be called now and then while the training gets on. Before the first time a request
   * interrupts the thread.
   *
   * @param committed steps of the newest checkpoint; nothing where there will be none
   * @throws InterruptedException when the training has to end, with what is left of it
   */
  public void check(OptionalLong committed) throws InterruptedException {
    if (attendance == null) {
      attendance = request.attend();
    }
    newest = committed;
    if (!request.isAsked()) {
      return;
    }
    if (!waits) {
      waits = true;
      before = committed;
      askedNanos = nanoTime.getAsLong();
    }
    if (committed.isEmpty()) {
      throw end("There are no checkpoints of it.");
    }
    long steps = committed.getAsLong();
    if (steps > before.getAsLong()) {
      throw end(left(steps));
    }
    if (nanoTime.getAsLong() - askedNanos > patience.toNanos()) {
      throw end(
          "No checkpoint came within %d s. %s"
              .formatted(
                  patience.toSeconds(), steps == 0 ? "There is none before it." : left(steps)));
    }
  }

  private String left(long steps) {
    return "Its checkpoint after step %d is %s: a training begins with it by dicm.train.warm-start."
        .formatted(steps, checkpointName.apply(steps));
  }

  private InterruptedException end(String left) {
    String words = "The training was stopped on request. " + left;
    ends = true;
    request.answer(words);
    return new InterruptedException(words);
  }

  /** From now on requests interrupt again; one that had no answer gets the last checkpoint. */
  @Override
  public void close() {
    if (attendance == null) {
      return;
    }
    if (waits && !ends) {
      request.answer(
          "It was stopped on request as its training ended. "
              + (newest.orElse(0) == 0
                  ? "There is no checkpoint of it."
                  : left(newest.getAsLong())));
    }
    attendance.close();
  }
}
