package io.dicm.app.oozie;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A job as Oozie shows it.
 *
 * @param id Oozie's name for it
 * @param kind what it is
 * @param name of its application
 * @param status Oozie's word, such as RUNNING
 * @param steps actions of a workflow, days of a coordinator, coordinators of a bundle, in order
 */
public record OozieJob(String id, JobKind kind, String name, String status, List<Step> steps) {
  private static final Set<String> ENDED =
      Set.of("SUCCEEDED", "KILLED", "FAILED", "DONEWITHERROR", "TIMEDOUT");

  public OozieJob {
    steps = List.copyOf(steps);
  }

  /**
   * A part of a job.
   *
   * @param name of an action; a day's nominal time
   * @param status Oozie's word
   * @param runs what runs it: YARN's application of a launcher, the workflow of a day, the
   *     coordinator of a bundle; empty while nothing does
   * @param message what Oozie says of its failure; empty when it says nothing
   */
  public record Step(String name, String status, String runs, String message) {}

  /** Whether nothing of it will run any more. */
  public boolean hasEnded() {
    return ENDED.contains(status);
  }

  /** The last message that any step has; empty when none has one. */
  public String message() {
    return steps.stream()
        .map(Step::message)
        .filter(message -> !message.isEmpty())
        .reduce((first, last) -> last)
        .orElse("");
  }

  static OozieJob of(String id, JsonNode json) {
    JobKind kind = JobKind.ofId(id);
    List<Step> steps = new ArrayList<>();
    for (JsonNode step : json.path(kind.stepsField())) {
      String runs = kind == JobKind.BUNDLE ? kind(step) : text(step, "externalId");
      steps.add(
          new Step(
              text(step, kind.stepName()),
              text(step, "status"),
              runs.equals("-") ? "" : runs,
              text(step, "errorMessage")));
    }
    String name = kind == JobKind.WORKFLOW ? "appName" : kind.label() + "JobName";
    return new OozieJob(
        id,
        kind,
        text(json, kind == JobKind.COORDINATOR ? "coordJobName" : name),
        text(json, "status"),
        steps);
  }

  private static String kind(JsonNode coordinator) {
    return text(coordinator, JobKind.COORDINATOR.idField());
  }

  /** On one line. */
  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isNull() ? "" : value.asText("").replaceAll("\\s+", " ").strip();
  }
}
