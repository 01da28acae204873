package io.dicm.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;

/** What YARN says of an application, as fields for stdout. */
final class ApplicationFields {
  /** Of one line in a list. */
  static final List<String> LISTED =
      List.of(
          "application_id",
          "name",
          "user",
          "queue",
          "state",
          "final_status",
          "progress",
          "started",
          "took");

  private ApplicationFields() {}

  /** Whether nothing of it runs any more. */
  static boolean hasEnded(ApplicationReport report) {
    YarnApplicationState state = report.getYarnApplicationState();
    return state == YarnApplicationState.FINISHED
        || state == YarnApplicationState.FAILED
        || state == YarnApplicationState.KILLED;
  }

  /** All fields, in order; times are UTC. */
  static Map<String, String> of(ApplicationReport report, Instant now) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("application_id", report.getApplicationId().toString());
    fields.put("name", text(report.getName()));
    fields.put("user", text(report.getUser()));
    fields.put("queue", text(report.getQueue()));
    fields.put("state", report.getYarnApplicationState().name());
    fields.put("final_status", report.getFinalApplicationStatus().name());
    fields.put("progress", String.format(Locale.ROOT, "%.2f", report.getProgress()));
    fields.put("started", started(report).toString());
    fields.put("took", took(report, now));
    fields.put("tracking_url", text(report.getTrackingUrl()));
    fields.put("diagnostics", text(report.getDiagnostics()).lines().findFirst().orElse(""));
    return fields;
  }

  private static Instant started(ApplicationReport report) {
    return Instant.ofEpochMilli(report.getStartTime()).truncatedTo(ChronoUnit.SECONDS);
  }

  /** From the submission to the end, or until now. */
  private static String took(ApplicationReport report, Instant now) {
    Instant end = hasEnded(report) ? Instant.ofEpochMilli(report.getFinishTime()) : now;
    Duration took = Duration.between(started(report), end);
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", took.toHours(), took.toMinutesPart(), took.toSecondsPart());
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
