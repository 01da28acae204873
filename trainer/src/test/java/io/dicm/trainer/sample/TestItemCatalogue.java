package io.dicm.trainer.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TestItemCatalogue {
  @Test
  void drawsInProportionToClicks() {
    ItemCatalogue catalogue = ItemCatalogue.of(List.of(item(1), item(6), item(3)));
    SplittableRandom random = new SplittableRandom(1);
    int[] counts = new int[3];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      counts[catalogue.draw(random)]++;
    }
    assertThat(counts[0] / (double) draws).isCloseTo(.1, within(.01));
    assertThat(counts[1] / (double) draws).isCloseTo(.6, within(.01));
    assertThat(counts[2] / (double) draws).isCloseTo(.3, within(.01));
  }

  @Test
  void nothingCanBeDrawnFromNoItems() {
    assertThatThrownBy(() -> ItemCatalogue.EMPTY.draw(new SplittableRandom(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ItemCatalogue.Item item(long clicks) {
    return new ItemCatalogue.Item(new long[] {clicks}, clicks);
  }
}
