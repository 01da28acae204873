package io.dicm.app.master.history;

import java.util.OptionalLong;

/**
 * One stage of a run.
 *
 * @param stage its name
 * @param state how far it has come
 * @param startedAtMs when it began, milliseconds since 1970 UTC; 0 while waiting
 * @param finishedAtMs when it ended; 0 before
 * @param fraction the share done, 0 to 1
 * @param detail what it does now, did, or why it failed
 */
public record StageRecord(
    String stage,
    StageState state,
    long startedAtMs,
    long finishedAtMs,
    float fraction,
    String detail) {
  private static final float LEAST_ESTIMATED = 0.02f;

  /** A stage that has not begun. */
  public static StageRecord waiting(String stage) {
    return new StageRecord(stage, StageState.WAITING, 0, 0, 0, "");
  }

  /** How long it took, ms; 0 before its end. */
  public long tookMs() {
    return finishedAtMs == 0 ? 0 : finishedAtMs - startedAtMs;
  }

  /**
   * Estimated time until its end, ms, as if it went on as fast as so far; nothing before {@value
   * #LEAST_ESTIMATED} of it are done.
   */
  OptionalLong leftMs(long nowMs) {
    if (state != StageState.RUNNING || fraction < LEAST_ESTIMATED) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Math.round((nowMs - startedAtMs) * (1.0 - fraction) / fraction));
  }

  /** Whether it has ended well, or had nothing to do. */
  public boolean endedWell() {
    return state == StageState.SUCCEEDED || state == StageState.SKIPPED;
  }

  StageRecord started(long nowMs) {
    return new StageRecord(stage, StageState.RUNNING, nowMs, 0, 0, "");
  }

  /** The share done never goes back. */
  StageRecord progressed(float newFraction, String note) {
    return new StageRecord(
        stage, state, startedAtMs, 0, Math.max(fraction, Math.min(1, newFraction)), note);
  }

  StageRecord ended(StageState end, long nowMs, String why) {
    return new StageRecord(
        stage, end, startedAtMs, nowMs, end == StageState.FAILED ? fraction : 1, why);
  }
}
