package io.dicm.app.oozie;

import java.util.Locale;

/** What Oozie runs. */
public enum JobKind {
  /** Actions that follow each other. */
  WORKFLOW("oozie.wf.application.path", "-W", "id", "actions", "name"),
  /** Workflows at times and when their inputs are there. */
  COORDINATOR("oozie.coord.application.path", "-C", "coordJobId", "actions", "nominalTime"),
  /** Several coordinators. */
  BUNDLE("oozie.bundle.application.path", "-B", "bundleJobId", "bundleCoordJobs", "coordJobName");

  private final String pathKey;
  private final String idSuffix;
  private final String idField;
  private final String stepsField;
  private final String stepName;

  JobKind(String pathKey, String idSuffix, String idField, String stepsField, String stepName) {
    this.pathKey = pathKey;
    this.idSuffix = idSuffix;
    this.idField = idField;
    this.stepsField = stepsField;
    this.stepName = stepName;
  }

  /** The property that names the application of a job of this kind. */
  public String pathKey() {
    return pathKey;
  }

  /** The kind that a job's ID tells. */
  static JobKind ofId(String id) {
    for (JobKind kind : values()) {
      if (id.endsWith(kind.idSuffix)) {
        return kind;
      }
    }
    return WORKFLOW;
  }

  String idField() {
    return idField;
  }

  /** The list of a job's parts. */
  String stepsField() {
    return stepsField;
  }

  /** What tells one part from the others. */
  String stepName() {
    return stepName;
  }

  /** In lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
