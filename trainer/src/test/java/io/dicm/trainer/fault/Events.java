package io.dicm.trainer.fault;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What the members of a gang tell, in the order in which it is heard. For many threads. */
final class Events {
  private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();

  /**
   * What a member has told.
   *
   * @param value what follows the word
   */
  record Event(Member member, Word word, String value) {
    long number() {
      return Long.parseLong(value);
    }
  }

  void add(Event event) {
    queue.add(event);
  }

  /** The next one; fails when none comes in time. */
  Event next(long timeoutMs) throws InterruptedException {
    Event event = queue.poll(timeoutMs, TimeUnit.MILLISECONDS);
    if (event == null) {
      throw new AssertionError("No process said anything for " + timeoutMs + " ms");
    }
    return event;
  }
}
