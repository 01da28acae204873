package io.dicm.app.pipeline;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The stages of a pipeline, in the order in which they run. */
public enum StageName {
  EXTRACT(10, "pictures to vectors in the feature store"),
  SAMPLES(3, "logs to training samples, point in time"),
  TRAIN(10, "samples and vectors to a model"),
  PREDICT(3, "test samples to click probabilities"),
  EVALUATE(2, "predictions to AUC, GAUC and log loss"),
  PUBLISH(1, "image codes and the run's history to the workspace"),
  REGISTER(2, "outputs to Hive tables");

  private final int weight;
  private final String purpose;

  StageName(int weight, String purpose) {
    this.weight = weight;
    this.purpose = purpose;
  }

  /** The share of the whole run's progress, relative to the other stages'. */
  public int weight() {
    return weight;
  }

  /** What goes in and what comes out, in a few words. */
  public String purpose() {
    return purpose;
  }

  /** The name on the command line and in pipeline files: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The stage with this label. */
  public static StageName of(String label) {
    for (StageName stage : values()) {
      if (stage.label().equals(label)) {
        return stage;
      }
    }
    throw new DicmException(
        ErrorCode.PIPELINE_FILE_INVALID,
        "Cannot run stage '" + label + "': there is none; the stages are " + labels(all()) + ".");
  }

  /** All stages in order. */
  public static List<StageName> all() {
    return List.of(values());
  }

  /** Labels joined by commas. */
  public static String labels(List<StageName> stages) {
    return stages.stream().map(StageName::label).collect(Collectors.joining(","));
  }

  /** Stages from labels joined by commas, put into the order in which they run. */
  public static List<StageName> parse(String labels) {
    return Arrays.stream(labels.split(","))
        .map(String::trim)
        .filter(label -> !label.isEmpty())
        .map(StageName::of)
        .distinct()
        .sorted()
        .toList();
  }
}
