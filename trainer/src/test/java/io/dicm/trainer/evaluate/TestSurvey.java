package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.Test;

class TestSurvey {

  @Test
  void keepsTheLargestCategories() {
    Survey survey = new Survey(2);
    survey.add(SurveyKeys.ofCategory("b"), 5);
    survey.add(SurveyKeys.ofCategory("c"), 5);
    survey.add(SurveyKeys.ofCategory(""), 9);
    survey.add(SurveyKeys.ofCategory("a"), 1);

    assertThat(survey.largestCategories()).containsExactly("", "b");
  }

  @Test
  void digestIsTheSumWhateverTheOrder() {
    assertThat(digest(7, Long.MAX_VALUE, 5)).isEqualTo(digest(5, 7, Long.MAX_VALUE));
    assertThat(digest(7, 5)).isNotEqualTo(digest(7, 6));
    assertThat(digest()).isEqualTo("0-0000000000000000");
  }

  @Test
  void rangesShareTheImpressions() {
    Random random = new Random(5);
    double[] scores = random.doubles(10_000).map(x -> x * x * 0.05).sorted().toArray();
    ScoreHistogram histogram = new ScoreHistogram();
    for (double score : scores) {
      histogram.add(ScoreHistogram.bin(score), 1);
    }

    ScoreRanges ranges = ScoreRanges.of(histogram, 4);

    assertThat(ranges.count()).isEqualTo(4);
    assertThat(ranges.leastScores()).hasSize(3).isSorted();
    for (int range = 0; range < 4; range++) {
      int current = range;
      long own = Arrays.stream(scores).filter(score -> ranges.range(score) == current).count();
      assertThat(ranges.range(ranges.leastScore(range))).isEqualTo(range);
      assertThat(own).isBetween(2_300L, 2_700L);
    }
  }

  @Test
  void oneScoreIsOneRange() {
    ScoreHistogram histogram = new ScoreHistogram();
    histogram.add(ScoreHistogram.bin(1.0), 9);
    ScoreRanges ranges = ScoreRanges.of(histogram, 3);

    assertThat(ranges.count()).isOne();
    assertThat(ranges.range(1.0)).isZero();
    assertThat(ScoreRanges.of(new ScoreHistogram(), 3).count()).isOne();
  }

  @Test
  void binsKeepTheOrderOfScores() {
    assertThat(ScoreHistogram.bin(-0.0)).isEqualTo(ScoreHistogram.bin(0.0)).isZero();
    assertThat(ScoreHistogram.leastScore(ScoreHistogram.bin(0.3)))
        .isLessThanOrEqualTo(0.3)
        .isGreaterThan(0.298);
    assertThat(ScoreHistogram.bin(1.0)).isEqualTo(ScoreHistogram.BINS - 1);
  }

  private static String digest(long... sums) {
    Survey survey = new Survey(1);
    for (long sum : sums) {
      survey.add(new Text(SurveyKeys.DIGEST), sum);
    }
    return survey.impressionsDigest();
  }
}
