package io.dicm.ams.window;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * What the workers of a step sent in one of its two halves, and the answers that they wait for.
 *
 * @param <Q> what a worker sends
 * @param <A> what it is answered
 */
final class Gathering<Q, A> {
  private final SortedMap<Integer, Arrival<Q, A>> arrivals = new TreeMap<>();
  private long openedNs;

  private record Arrival<Q, A>(Q question, CompletableFuture<A> answer) {}

  boolean isEmpty() {
    return arrivals.isEmpty();
  }

  boolean has(int worker) {
    return arrivals.containsKey(worker);
  }

  /** What this worker sent; it must have. */
  Q question(int worker) {
    return arrivals.get(worker).question;
  }

  /** The answer to this worker, which may be yet to come; it must have sent something. */
  CompletableFuture<A> answer(int worker) {
    return arrivals.get(worker).answer;
  }

  CompletableFuture<A> add(int worker, Q question) {
    if (arrivals.isEmpty()) {
      openedNs = System.nanoTime();
    }
    CompletableFuture<A> answer = new CompletableFuture<>();
    arrivals.put(worker, new Arrival<>(question, answer));
    return answer;
  }

  /** The workers that have come, in order. */
  List<Integer> workers() {
    return List.copyOf(arrivals.keySet());
  }

  /** What they sent, in the order of workers. */
  List<Q> questions() {
    return arrivals.values().stream().map(Arrival::question).toList();
  }

  /** Answers all, in the order of workers. */
  void answerAll(List<A> answers) {
    int i = 0;
    for (Arrival<Q, A> arrival : arrivals.values()) {
      arrival.answer.complete(answers.get(i++));
    }
  }

  /** Answers all with the same, null included. */
  void answerEach(A answer) {
    arrivals.values().forEach(arrival -> arrival.answer.complete(answer));
  }

  /** Fails all who have no answer yet. */
  void fail(Throwable failure) {
    arrivals.values().forEach(arrival -> arrival.answer.completeExceptionally(failure));
  }

  /** Time since the first arrival or since {@code fromNs}, whichever was later, ms. */
  long ageMs(long fromNs) {
    long now = System.nanoTime();
    return Math.min(now - openedNs, now - fromNs) / 1_000_000;
  }
}
