package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestDecileSums {

  @Test
  void everyDecileHasATenthWhereverTheReducersAreCut() {
    DecileSums all = new DecileSums(0, 0);
    for (int cut : new int[] {0, 37}) {
      DecileSums sums = new DecileSums(100, cut);
      for (int rank = cut; rank < (cut == 0 ? 37 : 100); rank++) {
        sums.add(rank % 2 == 0);
        sums.closeTie(rank / 100.0);
      }
      all.add(sums.rows());
    }

    assertThat(all.deciles()).hasSize(10);
    assertThat(all.deciles()).allSatisfy(one -> assertThat(one.impressions()).isEqualTo(10));
    assertThat(all.deciles()).allSatisfy(one -> assertThat(one.clickRate()).isEqualTo(0.5));
    assertThat(all.deciles().get(3).decile()).isEqualTo(4);
    assertThat(all.deciles().get(3).meanProbability()).isBetween(0.344, 0.346);
  }

  @Test
  void equalScoresAreNotParted() {
    DecileSums sums = new DecileSums(4, 0);
    for (int i = 0; i < 4; i++) {
      sums.add(i == 0);
    }
    sums.closeTie(0.3);

    assertThat(sums.deciles()).containsExactly(new Decile(6, 4, 0.3, 0.25));
  }
}
