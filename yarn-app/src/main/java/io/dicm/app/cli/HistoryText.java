package io.dicm.app.cli;

import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Runs' histories as text and as plain values. */
final class HistoryText {
  private static final double MILLIS = 1000;

  private HistoryText() {}

  /** A line a run under headings. */
  static String list(List<RunSnapshot> runs) {
    StringBuilder text = new StringBuilder(row("date", "run", "state", "seconds", "application"));
    for (RunSnapshot run : runs) {
      text.append(
          row(
              run.date(),
              run.run(),
              state(run.outcome()),
              String.format(Locale.ROOT, "%.0f", seconds(run)),
              run.applicationId()));
    }
    return text.toString();
  }

  /** What a list shows of a run. */
  static Map<String, Object> values(RunSnapshot run) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("application_id", run.applicationId());
    values.put("name", run.name());
    values.put("date", run.date());
    values.put("run", run.run());
    values.put("user", run.page().user());
    values.put("state", state(run.outcome()));
    values.put("progress", String.format(Locale.ROOT, "%.2f", run.progress()));
    values.put("started_at", first(run.stages().stream().mapToLong(StageRecord::startedAtMs)));
    values.put("finished_at", last(run.stages().stream().mapToLong(StageRecord::finishedAtMs)));
    values.put("stage_seconds", String.format(Locale.ROOT, "%.0f", seconds(run)));
    return values;
  }

  /** A line a stage under headings. */
  static String stages(RunSnapshot run) {
    StringBuilder text = new StringBuilder("\n");
    text.append("%-10s %-10s %8s  %s%n".formatted("stage", "state", "seconds", "detail"));
    for (StageRecord stage : run.stages()) {
      text.append(
          "%-10s %-10s %8.1f  %s%n"
              .formatted(
                  stage.stage(), state(stage.state()), stage.tookMs() / MILLIS, stage.detail()));
    }
    return text.toString();
  }

  private static String row(
      String date, String run, String state, String seconds, String application) {
    return "%-10s  %-24s  %-10s  %8s  %s%n".formatted(date, run, state, seconds, application);
  }

  private static String state(StageState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** Of the stages: between a run's applications may be days. */
  private static double seconds(RunSnapshot run) {
    return run.stages().stream().mapToLong(StageRecord::tookMs).sum() / MILLIS;
  }

  private static String first(LongStream times) {
    return moment(times.filter(ms -> ms > 0).min());
  }

  private static String last(LongStream times) {
    return moment(times.max());
  }

  private static String moment(OptionalLong ms) {
    return ms.orElse(0) == 0
        ? ""
        : Instant.ofEpochMilli(ms.getAsLong()).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
