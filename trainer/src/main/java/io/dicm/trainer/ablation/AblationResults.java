package io.dicm.trainer.ablation;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The evaluations of all runs of an ablation, combined over seeds. */
final class AblationResults {
  private final Map<String, List<EvaluatedRun>> byVariant = new LinkedHashMap<>();
  private final SeedCombination combination = new SeedCombination();

  /**
   * @param runs of the baseline and of all other variants, by ascending seed
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} when they were tested on different
   *     impressions
   */
  AblationResults(List<EvaluatedRun> runs) {
    for (EvaluatedRun run : runs) {
      requireSameImpressions(runs.get(0), run);
      byVariant.computeIfAbsent(run.run().variant(), name -> new ArrayList<>()).add(run);
    }
  }

  /** A variant's runs; none when it was not run. */
  List<EvaluatedRun> runs(String variant) {
    return byVariant.getOrDefault(variant, List.of());
  }

  /** All runs. */
  List<EvaluatedRun> all() {
    return byVariant.values().stream().flatMap(List::stream).toList();
  }

  /** The mean of a variant's metric over its seeds. */
  Optional<Estimate> metric(String variant, String slice, String value, String metric) {
    return combine(runs(variant).stream().map(run -> run.metric(slice, value, metric)).toList());
  }

  /**
   * The mean paired difference from the baseline. Runs of one seed are a pair; what needs no
   * training is paired with the baseline of every seed.
   */
  Optional<Estimate> gain(String variant, String slice, String value, String metric) {
    List<EvaluatedRun> ours = runs(variant);
    List<Optional<SeedValue>> gains = new ArrayList<>();
    for (EvaluatedRun baseline : runs(VariantCatalogue.BASELINE)) {
      for (EvaluatedRun run : ours) {
        if (run.run().seed() == baseline.run().seed() || !isTrained(run)) {
          gains.add(run.gainOver(baseline, slice, value, metric));
        }
      }
    }
    return combine(gains);
  }

  private Optional<Estimate> combine(List<Optional<SeedValue>> seeds) {
    if (seeds.isEmpty() || seeds.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    return combination.combine(seeds.stream().map(Optional::orElseThrow).toList());
  }

  private static boolean isTrained(EvaluatedRun run) {
    return run.run().work() == PlannedRun.Work.TRAIN_AND_EVALUATE;
  }

  private static void requireSameImpressions(EvaluatedRun first, EvaluatedRun other) {
    if (!first.evaluation().impressionsDigest().equals(other.evaluation().impressionsDigest())) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot compare run '%s' with run '%s': they were not tested on the same impressions. Give the ablation another name, or delete the metrics of one of them."
              .formatted(other.run().name(), first.run().name()));
    }
  }
}
