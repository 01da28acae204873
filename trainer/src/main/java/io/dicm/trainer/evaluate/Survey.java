package io.dicm.trainer.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import org.apache.hadoop.io.Text;

/**
 * What has to be known of all predictions before they can be told apart and ranked: collects the
 * survey's counts in constant memory. For one thread.
 */
final class Survey {
  private static final Comparator<CategoryCount> SMALLEST_FIRST =
      Comparator.comparingLong(CategoryCount::impressions)
          .thenComparing(CategoryCount::category, Comparator.reverseOrder());

  private final ScoreHistogram scores = new ScoreHistogram();
  private final PriorityQueue<CategoryCount> largest = new PriorityQueue<>(SMALLEST_FIRST);
  private final int mostCategories;
  private long digest;
  private long impressions;

  private record CategoryCount(String category, long impressions) {}

  /**
   * @param mostCategories categories that have a part of their own
   */
  Survey(int mostCategories) {
    this.mostCategories = mostCategories;
  }

  /** Adds one count of the job. */
  void add(Text key, long count) {
    if (SurveyKeys.isBin(key)) {
      scores.add(SurveyKeys.bin(key), count);
      impressions += count;
    } else if (SurveyKeys.isCategory(key)) {
      largest.add(new CategoryCount(SurveyKeys.category(key), count));
      if (largest.size() > mostCategories) {
        largest.remove();
      }
    } else {
      digest += count;
    }
  }

  long impressions() {
    return impressions;
  }

  /** Of ids and labels, whatever their order: their number and the sum of their fingerprints. */
  String impressionsDigest() {
    return String.format(Locale.ROOT, "%d-%016x", impressions, digest);
  }

  /** From the largest on; of equally large ones by name. */
  List<String> largestCategories() {
    return largest.stream().sorted(SMALLEST_FIRST.reversed()).map(CategoryCount::category).toList();
  }

  ScoreRanges ranges(int most) {
    return ScoreRanges.of(scores, most);
  }
}
