package io.dicm.trainer.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The metrics by their definitions, pair by pair. */
final class NaiveMetrics {
  private NaiveMetrics() {}

  static Metrics of(List<Prediction> predictions) {
    Collection<List<Prediction>> users =
        predictions.stream().collect(Collectors.groupingBy(Prediction::userId)).values();
    List<List<Prediction>> ranked = users.stream().filter(NaiveMetrics::hasBothClasses).toList();
    double impressions = predictions.size();
    double weights = ranked.stream().mapToDouble(List::size).sum();
    double clicks = predictions.stream().mapToDouble(Prediction::label).sum();
    double logLoss = predictions.stream().mapToDouble(NaiveMetrics::logLoss).sum() / impressions;
    return new Metrics(
        auc(predictions),
        ranked.stream().mapToDouble(user -> user.size() * auc(user)).sum() / weights,
        logLoss,
        logLoss / entropy(clicks / impressions),
        predictions.stream().mapToDouble(Prediction::probability).sum() / clicks,
        predictions.size(),
        (long) clicks,
        users.size(),
        users.size() - ranked.size());
  }

  /** Tenths by rank, those of equal scores in the tenth of their middle rank. */
  static List<Decile> deciles(List<Prediction> predictions) {
    Map<Integer, List<Prediction>> tenths = new TreeMap<>();
    for (Prediction one : predictions) {
      long twiceTheRank = 0;
      for (Prediction other : predictions) {
        twiceTheRank += 1 - (long) Math.signum(other.probability() - one.probability());
      }
      int tenth = Math.toIntExact(twiceTheRank * 10 / (2L * predictions.size()));
      tenths.computeIfAbsent(Math.min(tenth, 9), unused -> new ArrayList<>()).add(one);
    }
    return tenths.entrySet().stream()
        .map(tenth -> decile(tenth.getKey() + 1, tenth.getValue()))
        .toList();
  }

  private static Decile decile(int number, List<Prediction> own) {
    return new Decile(
        number,
        own.size(),
        own.stream().mapToDouble(Prediction::probability).average().orElseThrow(),
        own.stream().mapToDouble(Prediction::label).average().orElseThrow());
  }

  private static boolean hasBothClasses(List<Prediction> predictions) {
    return predictions.stream().map(Prediction::label).distinct().count() == 2;
  }

  private static double auc(List<Prediction> predictions) {
    double won = 0;
    double pairs = 0;
    for (Prediction clicked : predictions) {
      for (Prediction unclicked : predictions) {
        if (clicked.label() == 1 && unclicked.label() == 0) {
          won += (1 + Math.signum(clicked.probability() - unclicked.probability())) / 2;
          pairs++;
        }
      }
    }
    return won / pairs;
  }

  private static double entropy(double rate) {
    return -rate * Math.log(rate) - (1 - rate) * Math.log(1 - rate);
  }

  private static double logLoss(Prediction prediction) {
    double margin = WeightedRanking.LOG_LOSS_MARGIN;
    double probability = Math.min(Math.max(prediction.probability(), margin), 1 - margin);
    return -Math.log(prediction.label() == 1 ? probability : 1 - probability);
  }
}
