package io.dicm.trainer.report;

import io.dicm.ams.server.ServerTraffic;
import io.dicm.ams.shard.ImageControl;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.Interval;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SplitTotals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The metrics in large digits, what the model is and what it was trained on. */
final class SummarySection implements Section {
  private static final Map<String, String> HEADLINES = headlines();

  @Override
  public String id() {
    return "summary";
  }

  @Override
  public String title() {
    return "Summary";
  }

  private static Map<String, String> headlines() {
    Map<String, String> headlines = new LinkedHashMap<>();
    headlines.put("gauc", "GAUC");
    headlines.put("auc", "AUC");
    headlines.put("log_loss", "Log loss");
    headlines.put("normalized_entropy", "Normalised entropy");
    headlines.put("calibration", "Calibration");
    return headlines;
  }

  @Override
  public void write(Markup out, RunReport report) {
    Missing.or(out, report.evaluation(), evaluation -> metrics(out, evaluation));
    Missing.or(out, report.model(), model -> model(out, model, report.traffic()));
    Missing.or(out, report.samples(), samples -> samples(out, samples));
  }

  private static void metrics(Markup out, Evaluation evaluation) {
    out.element(
        "dl",
        list ->
            HEADLINES.forEach(
                (name, label) -> {
                  Double value = evaluation.metrics().get(name);
                  if (value != null) {
                    list.element(
                        "div",
                        card -> metric(card, label, value, evaluation.intervals().get(name)));
                  }
                }),
        "class",
        "headlines");
    out.element(
        "p",
        text ->
            text.text(
                "On "
                    + Numbers.count(count(evaluation, "impressions"))
                    + " test impressions of "
                    + Numbers.count(count(evaluation, "users"))
                    + " users with "
                    + Numbers.count(count(evaluation, "clicks"))
                    + " clicks. "
                    + Numbers.count(count(evaluation, "users_one_class"))
                    + " users whose impressions were all clicked or all not are left out of the GAUC,"
                    + " the users’ AUCs weighted by their impressions. Calibration is the mean"
                    + " prediction divided by the click rate: 1 is best."
                    + (evaluation.intervals().isEmpty()
                        ? " This evaluation has no intervals."
                        : " Intervals hold 95 % and come from drawing users again "
                            + Numbers.count(evaluation.bootstrapReplicates())
                            + " times.")),
        "class",
        "note");
  }

  private static void metric(Markup card, String label, double value, Interval interval) {
    card.element("dt", label);
    card.element("dd", Numbers.metric(value), "class", "value");
    if (interval != null) {
      card.element(
          "dd",
          Numbers.metric(interval.low()) + " – " + Numbers.metric(interval.high()),
          "class",
          "range");
    }
  }

  private static long count(Evaluation evaluation, String name) {
    return Math.round(evaluation.metrics().getOrDefault(name, 0.0));
  }

  private static void model(Markup out, ModelDescription model, Part<List<ServerTraffic>> traffic) {
    ModelDescription.Training training = model.training();
    List<String> facts = new ArrayList<>();
    facts.add("Pictures: " + images(model));
    if (model.images().poolsBehaviors()) {
      facts.add("Aggregator: " + model.aggregation());
    }
    facts.add(
        "Fields: "
            + String.join(", ", model.fields().stream().map(field -> field.name()).toList()));
    facts.add(
        "Trained by "
            + counted(training.workers(), "worker")
            + (traffic instanceof Part.Present<List<ServerTraffic>> present
                ? " and " + counted(present.value().size(), "server")
                : ""));
    facts.add(
        counted(training.imageEpochs() + training.epochs(), "pass", "passes")
            + ", "
            + Numbers.count(training.steps())
            + " steps of "
            + Numbers.count(training.batchSize())
            + " impressions a worker");
    facts.add(
        "Learning rate "
            + training.learningRate()
            + (training.idLearningRateRatio() == null || training.idLearningRateRatio() == 1
                ? ""
                : ", times " + training.idLearningRateRatio() + " for ID embeddings"));
    if (model.negativeSampling().keepFraction() < 1) {
      facts.add(
          "Trained on "
              + Numbers.percent(model.negativeSampling().keepFraction())
              + " of the impressions without a click; predictions are corrected for it");
    }
    facts.add("Seed " + training.seed());
    facts.add("Image vectors: " + model.extractorId());
    list(out, "Model", facts);
    if (training.imageControl() != ImageControl.NONE) {
      out.element(
          "p",
          training.imageControl() == ImageControl.SHUFFLED
              ? "A negative control: each image had another image’s vector in training, so that"
                  + " pictures must not help."
              : "A positive control: the vectors were noise and a planted signal in training, so that"
                  + " pictures must help.",
          "class",
          "notice");
    }
    if (model.randomWeights()) {
      out.element(
          "p",
          "The extractor’s weights were random: its vectors tell pictures apart, but not what is on"
              + " them.",
          "class",
          "notice");
    }
  }

  private static String images(ModelDescription model) {
    return switch (model.images()) {
      case NONE -> "none, the baseline";
      case AD -> "of the shown item";
      case BEHAVIOR -> "of the user’s behaviours";
      case JOINT -> "of the shown item and of the user’s behaviours";
    };
  }

  private static void samples(Markup out, SampleManifest samples) {
    new Table(
            "Samples",
            List.of(
                "part",
                "samples",
                "impressions",
                "clicks",
                "click rate",
                "behaviours an impression"))
        .write(
            out,
            rows -> {
              rows.row("training", values(samples.train()));
              rows.row("test", values(samples.test()));
            });
    out.element(
        "p",
        "Split: "
            + samples.split()
            + ". At most "
            + Numbers.count(samples.maxBehaviors())
            + " behaviours"
            + (samples.windowDays() > 0 ? " of the last " + samples.windowDays() + " days" : "")
            + ", all older than their impression"
            + (samples.minDwellSeconds() > 0
                ? " and looked at for " + samples.minDwellSeconds() + " s or more"
                : "")
            + "."
            + (samples.itemHoldoutFraction() > 0
                ? " Training never saw "
                    + Numbers.percent(samples.itemHoldoutFraction())
                    + " of the items."
                : ""),
        "class",
        "note");
  }

  private static List<String> values(SplitTotals totals) {
    return List.of(
        Numbers.count(totals.samples()),
        Numbers.count(totals.impressions()),
        Numbers.count(totals.clicks()),
        Numbers.percent((double) totals.clicks() / totals.impressions()),
        String.format(
            Locale.ROOT, "%.1f", (double) totals.behaviors() / Math.max(1, totals.impressions())));
  }

  private static void list(Markup out, String title, List<String> facts) {
    out.element("h3", title);
    out.element("ul", list -> facts.forEach(fact -> list.element("li", fact)), "class", "facts");
  }

  private static String counted(long count, String one) {
    return counted(count, one, one + "s");
  }

  private static String counted(long count, String one, String many) {
    return Numbers.count(count) + " " + (count == 1 ? one : many);
  }
}
