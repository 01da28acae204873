package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestSeededShare {
  private static final int NAMES = 20_000;

  /** Four standard deviations of a fair draw: names that are numbers must not make a pattern. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9})
  void choosesItsFraction(double fraction) {
    double deviation = Math.sqrt(NAMES * fraction * (1 - fraction));

    assertThat((double) chosen(new SeededShare(1, "p", fraction)).size())
        .isBetween(NAMES * fraction - 4 * deviation, NAMES * fraction + 4 * deviation);
  }

  @Test
  void choosesNoneOrAllAtTheEnds() {
    assertThat(chosen(new SeededShare(1, "p", 0))).isEmpty();
    assertThat(chosen(new SeededShare(1, "p", 1))).hasSize(NAMES);
  }

  /** Held-out items of a model that is years old must still be known. */
  @Test
  void theChoiceIsFixedForAllTime() {
    SeededShare share = new SeededShare(1, "held-out items", 0.1);

    assertThat(chosen(share).subList(0, 5)).containsExactly(3, 6, 9, 20, 40);
  }

  @Test
  void aSmallerShareIsAPartOfALargerOne() {
    assertThat(chosen(new SeededShare(1, "p", 0.2)))
        .containsAll(chosen(new SeededShare(1, "p", 0.1)));
  }

  @Test
  void seedsAndPurposesChooseApart() {
    List<Integer> one = chosen(new SeededShare(1, "p", 0.5));

    assertIndependent(one, chosen(new SeededShare(2, "p", 0.5)));
    assertIndependent(one, chosen(new SeededShare(1, "q", 0.5)));
  }

  @Test
  void partsAreKeptApart() {
    SeededShare share = new SeededShare(1, "p", 0.5);
    long different =
        IntStream.range(0, NAMES)
            .filter(i -> share.contains(i + "a", "b") != share.contains(Integer.toString(i), "ab"))
            .count();

    assertThat(different).isBetween(NAMES * 45L / 100, NAMES * 55L / 100);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void refusesOtherFractions(double fraction) {
    assertThatThrownBy(() -> new SeededShare(1, "p", fraction))
        .hasMessageContaining("Fraction was " + fraction);
  }

  private static void assertIndependent(List<Integer> one, List<Integer> other) {
    long both = other.stream().filter(new java.util.HashSet<>(one)::contains).count();
    assertThat(both).isBetween(NAMES * 23L / 100, NAMES * 27L / 100);
  }

  private static List<Integer> chosen(SeededShare share) {
    return IntStream.range(0, NAMES)
        .filter(i -> share.contains(Integer.toString(i)))
        .boxed()
        .toList();
  }
}
