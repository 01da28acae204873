package io.dicm.trainer.ablation;

import io.dicm.trainer.evaluate.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Judges an ablation by its controls, over all test impressions: vectors shuffled over the items
 * must not gain, vectors that carry the answer must.
 */
final class ControlCheck {
  /** The first that is defined decides: log loss may gain by calibration alone. */
  private static final List<String> METRICS = List.of("gauc", "auc");

  private final AblationResults results;

  ControlCheck(AblationResults results) {
    this.results = results;
  }

  /** One verdict for each control that was run. */
  List<ControlVerdict> verdicts() {
    List<ControlVerdict> verdicts = new ArrayList<>();
    if (!results.runs(VariantCatalogue.SHUFFLED).isEmpty()) {
      verdicts.add(
          verdict(
              VariantCatalogue.SHUFFLED,
              false,
              "no gain, as it must be",
              "they must not gain: something else than what is in the pictures makes gains, so gains of pictures prove nothing here"));
    }
    if (!results.runs(VariantCatalogue.PLANTED).isEmpty()) {
      verdicts.add(
          verdict(
              VariantCatalogue.PLANTED,
              true,
              "what is in the vectors is found, as it must be",
              "they must gain: this training does not find what is in the vectors, so a missing gain of pictures proves nothing here"));
    }
    return verdicts;
  }

  private ControlVerdict verdict(String variant, boolean mustGain, String good, String bad) {
    for (String metric : METRICS) {
      Optional<Estimate> gain = results.gain(variant, Slice.ALL.label(), Slice.ALL.label(), metric);
      if (gain.isPresent()) {
        boolean asExpected = gain.get().showsGain() == mustGain;
        return new ControlVerdict(
            variant,
            metric,
            gain.get(),
            asExpected,
            sentence(variant, metric, gain.get(), asExpected ? good : bad));
      }
    }
    return new ControlVerdict(
        variant,
        METRICS.get(0),
        null,
        false,
        "Neither GAUC nor AUC has an interval: the test impressions are too few, or the evaluation had too few bootstrap replicates. The control %s cannot be judged."
            .formatted(variant));
  }

  private static String sentence(String variant, String metric, Estimate gain, String meaning) {
    return String.format(
        Locale.ROOT,
        "Vectors %s: %s %+.4f [%+.4f, %+.4f] against the baseline; %s.",
        variant,
        metric.toUpperCase(Locale.ROOT),
        gain.value(),
        gain.low(),
        gain.high(),
        meaning);
  }
}
