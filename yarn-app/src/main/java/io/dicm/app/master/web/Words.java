package io.dicm.app.master.web;

import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import io.dicm.trainer.report.Markup;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** States, times and shares as people read them. */
final class Words {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MINUTE_SECONDS = 60;
  private static final int HOUR_SECONDS = 3600;
  private static final int ANNOUNCED_PERCENT = 10;

  private Words() {}

  /** A length of time with its two largest units. */
  static String duration(long ms) {
    long seconds = Duration.ofMillis(Math.max(0, ms)).toSeconds();
    if (seconds < MINUTE_SECONDS) {
      return seconds + "\u00A0s";
    }
    if (seconds < HOUR_SECONDS) {
      return "%d\u00A0min %02d\u00A0s"
          .formatted(seconds / MINUTE_SECONDS, seconds % MINUTE_SECONDS);
    }
    return "%d\u00A0h %02d\u00A0min"
        .formatted(seconds / HOUR_SECONDS, seconds % HOUR_SECONDS / MINUTE_SECONDS);
  }

  /** An estimated length of time: no more exact than it is. */
  static String estimate(long ms) {
    long seconds = Duration.ofMillis(Math.max(0, ms)).toSeconds();
    return seconds < MINUTE_SECONDS || seconds >= HOUR_SECONDS
        ? duration(ms)
        : Math.round((double) seconds / MINUTE_SECONDS) + "\u00A0min";
  }

  /** A moment in UTC; a dash before there was one. */
  static String moment(long ms) {
    return ms == 0 ? "–" : TIME.format(Instant.ofEpochMilli(ms)) + " UTC";
  }

  /** A whole percentage that is 100 only at the end. */
  static String percent(double share) {
    return (int) Math.floor(100 * Math.max(0, Math.min(1, share)) + 1e-4) + "\u00A0%";
  }

  /** A state with a sign that is not colour alone. */
  static void state(Markup out, StageState state) {
    String sign =
        switch (state) {
          case WAITING -> "○";
          case RUNNING -> "●";
          case SUCCEEDED -> "✓";
          case SKIPPED -> "–";
          case FAILED -> "✗";
        };
    state(out, sign, name(state));
  }

  /** A state with a sign. */
  static void state(Markup out, String sign, String name) {
    out.element(
        "span",
        span -> {
          span.element("span", sign, "aria-hidden", "true", "class", "sign");
          span.text(" " + name);
        },
        "class",
        "state " + name.replace(' ', '-'));
  }

  static String name(StageState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The run in a sentence for those who listen: it changes with stages and tens of per cent, not
   * with each update.
   */
  static String announcement(RunSnapshot run) {
    StageState outcome = run.outcome();
    if (outcome == StageState.FAILED) {
      return run.stages().stream()
          .filter(stage -> stage.state() == StageState.FAILED)
          .map(stage -> "Stage " + stage.stage() + " failed: " + stage.detail())
          .findFirst()
          .orElse("");
    }
    if (outcome == StageState.SUCCEEDED) {
      return "All stages are done.";
    }
    return run.stages().stream()
        .filter(stage -> stage.state() == StageState.RUNNING)
        .map(Words::announcement)
        .findFirst()
        .orElse("No stage runs at this moment.");
  }

  private static String announcement(StageRecord stage) {
    int tens = (int) (100 * stage.fraction()) / ANNOUNCED_PERCENT * ANNOUNCED_PERCENT;
    return "Stage "
        + stage.stage()
        + " runs"
        + (tens == 0 ? "." : ", " + tens + "\u00A0% are done.");
  }
}
