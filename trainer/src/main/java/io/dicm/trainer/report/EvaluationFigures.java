package io.dicm.trainer.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of an evaluation, as the report shows them.
 *
 * @param metrics by name, over all test impressions
 * @param intervals of metrics; empty when the evaluation had none
 * @param slices parts of the test impressions; empty as above
 * @param deciles of the predictions, ascending; empty as above
 */
record EvaluationFigures(
    Map<String, Double> metrics,
    Map<String, Interval> intervals,
    List<Slice> slices,
    List<Decile> deciles) {
  /** Where a metric lies with 95 % confidence. */
  record Interval(double low, double high) {}

  /** The impressions with one value of a slice's key. */
  record Slice(
      String slice, String value, Map<String, Double> metrics, Map<String, Interval> intervals) {}

  /** A tenth of the impressions by their prediction. */
  record Decile(int decile, long impressions, double meanProbability, double clickRate) {}

  /** From {@code _evaluation.json}. */
  static EvaluationFigures ofEvaluation(JsonNode json) {
    List<Slice> slices = new ArrayList<>();
    for (JsonNode slice : json.path("slices")) {
      slices.add(
          new Slice(
              slice.path("slice").asText(),
              slice.path("value").asText(),
              numbers(slice.path("metrics")),
              intervals(slice.path("intervals"))));
    }
    List<Decile> deciles = new ArrayList<>();
    for (JsonNode decile : json.path("deciles")) {
      deciles.add(
          new Decile(
              decile.path("decile").asInt(),
              decile.path("impressions").asLong(),
              either(decile, "mean_probability", "meanProbability"),
              either(decile, "click_rate", "clickRate")));
    }
    return new EvaluationFigures(
        numbers(json.path("metrics")), intervals(json.path("intervals")), slices, deciles);
  }

  /** From {@code _metrics.json}, which has neither intervals nor parts. */
  static EvaluationFigures ofMetrics(JsonNode json) {
    return new EvaluationFigures(numbers(json), Map.of(), List.of(), List.of());
  }

  private static double either(JsonNode node, String name, String otherName) {
    return (node.has(name) ? node.path(name) : node.path(otherName)).asDouble(Double.NaN);
  }

  private static Map<String, Double> numbers(JsonNode json) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    json.properties()
        .forEach(
            entry -> {
              if (entry.getValue().isNumber()) {
                numbers.put(entry.getKey(), entry.getValue().asDouble());
              }
            });
    return numbers;
  }

  /** An interval is {@code [low, high]} or an object with these names. */
  private static Map<String, Interval> intervals(JsonNode json) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    json.properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              JsonNode low = value.isArray() ? value.path(0) : value.path("low");
              JsonNode high = value.isArray() ? value.path(1) : value.path("high");
              if (low.isNumber() && high.isNumber()) {
                intervals.put(entry.getKey(), new Interval(low.asDouble(), high.asDouble()));
              }
            });
    return intervals;
  }
}
