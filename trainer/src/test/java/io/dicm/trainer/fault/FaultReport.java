package io.dicm.trainer.fault;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what happened. For one thread. */
final class FaultReport {
  private final Map<FaultKind, Integer> struck = new EnumMap<>(FaultKind.class);
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private int epochs;
  private long longestDetectionMs;

  void struck(FaultKind kind) {
    struck.merge(kind, 1, Integer::sum);
  }

  /** Something worth counting, such as the error that a process ended with. */
  void outcome(String what) {
    outcomes.merge(what, 1, Integer::sum);
  }

  void epochStarted() {
    epochs++;
  }

  /** Time from a lasting fault to the end of all of its epoch that were not paused. */
  void ended(long timeMs) {
    longestDetectionMs = Math.max(longestDetectionMs, timeMs);
  }

  /** How many gangs were started. */
  int epochs() {
    return epochs;
  }

  /** How many faults of this effect struck. */
  int faults(FaultKind.Effect effect) {
    return struck.entrySet().stream()
        .filter(entry -> entry.getKey().effect() == effect)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** How many faults struck. */
  int faults() {
    return struck.values().stream().mapToInt(Integer::intValue).sum();
  }

  int count(FaultKind kind) {
    return struck.getOrDefault(kind, 0);
  }

  @Override
  public String toString() {
    return faults()
        + " faults in "
        + epochs
        + " epochs "
        + struck
        + ", longest from fault to end "
        + longestDetectionMs
        + " ms, outcomes "
        + outcomes;
  }
}
