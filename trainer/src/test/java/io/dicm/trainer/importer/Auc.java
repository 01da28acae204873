package io.dicm.trainer.importer;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The AUC of a score on a log, for scores without ties. */
final class Auc {
  private Auc() {}

  static double of(List<LoggedImpression> log, ToDoubleFunction<LoggedImpression> score) {
    List<LoggedImpression> ranked = log.stream().sorted(Comparator.comparingDouble(score)).toList();
    double below = 0;
    double won = 0;
    for (LoggedImpression impression : ranked) {
      if (impression.click()) {
        won += below;
      } else {
        below++;
      }
    }
    return won / (below * (log.size() - below));
  }
}
