package io.dicm.ams.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.compute.ComputeCrew;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestMergedRows {
  @Test
  void scattersToAllAndAddsUpInOrderOfRequesters() {
    MergedRows rows = MergedRows.of(List.of(new int[] {7, 3}, new int[] {3, 9, 7}));
    assertThat(rows.uniqueRows()).containsExactly(7, 3, 9);
    assertThat(rows.references()).isEqualTo(5);
    float[] values = {70, 71, 30, 31, 90, 91};
    assertThat(rows.scatter(0, values, 2)).containsExactly(70, 71, 30, 31);
    assertThat(rows.scatter(1, values, 2)).containsExactly(30, 31, 90, 91, 70, 71);
    float[] sums =
        rows.sum(List.of(new float[] {1, 2, 3, 4}, new float[] {10, 20, 30, 40, 50, 60}), 2, 0.5f);
    assertThat(sums).containsExactly(25.5f, 31, 6.5f, 12, 15, 20);
  }

  @Test
  void agreesWithASlowReferenceOnRandomRequests() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<int[]> requests = new ArrayList<>();
      List<float[]> gradients = new ArrayList<>();
      int range = 1 + random.nextInt(500);
      double[] expected = new double[range];
      for (int r = random.nextInt(5); r >= 0; r--) {
        int[] rows = random.ints(random.nextInt(200), 0, range).toArray();
        float[] gradient = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
          gradient[i] = random.nextInt(1000);
          expected[rows[i]] += gradient[i];
        }
        requests.add(rows);
        gradients.add(gradient);
      }
      MergedRows merged = MergedRows.of(requests);
      int[] unique = merged.uniqueRows();
      assertThat(unique).doesNotHaveDuplicates();
      float[] rowNumbers = new float[unique.length];
      IntStream.range(0, unique.length).forEach(i -> rowNumbers[i] = unique[i]);
      for (int r = 0; r < requests.size(); r++) {
        float[] scattered = merged.scatter(r, rowNumbers, 1);
        assertThat(scattered).hasSize(requests.get(r).length);
        for (int i = 0; i < scattered.length; i++) {
          assertThat((int) scattered[i]).isEqualTo(requests.get(r)[i]);
        }
      }
      float[] sums = merged.sum(gradients, 1, 1);
      for (int i = 0; i < unique.length; i++) {
        assertThat((double) sums[i]).isEqualTo(expected[unique[i]]);
      }
    }
  }

  @Test
  void aSingleRequestersDifferentRowsAreTheUniqueOnes() {
    int[] asked = {7, 3, 9};
    MergedRows rows = MergedRows.ofDistinct(asked, ComputeCrew.alone());
    assertThat(rows.uniqueRows()).isSameAs(asked);
    assertThat(rows.requesters()).isOne();
    assertThat(rows.references()).isEqualTo(3);
    float[] values = {70, 71, 30, 31, 90, 91};
    assertThat(rows.scatter(0, values, 2)).isSameAs(values);
    float[] gradients = {1, 2, 3, 4, 5, 6};
    assertThat(rows.sum(List.of(gradients), 2, 0.5f)).containsExactly(.5f, 1, 1.5f, 2, 2.5f, 3);
    assertThat(gradients).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void addsUpIntoALongerArrayThatWasUsedBefore() {
    MergedRows rows = MergedRows.of(List.of(new int[] {4, 2}, new int[] {2}));
    float[] sums = {9, 9, 9};
    rows.sum(List.of(new float[] {1, 2}, new float[] {4}), 1, 2, sums);
    assertThat(sums).containsExactly(2, 12, 9);
  }

  /** Rows in an order that neighbours share, at random, and all equal but for a few. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 16})
  void aCrewChangesNoBit(int threads) {
    Random random = new Random(threads);
    int columns = 3;
    try (ComputeCrew crew = new ComputeCrew("test-merge-", threads)) {
      for (List<int[]> requests : largeRequests(random)) {
        MergedRows alone = MergedRows.of(requests);
        MergedRows shared = MergedRows.of(requests, crew);
        assertThat(Arrays.equals(shared.uniqueRows(), alone.uniqueRows())).isTrue();
        List<float[]> gradients = new ArrayList<>();
        float[] values = new float[alone.uniqueRows().length * columns];
        for (int i = 0; i < values.length; i++) {
          values[i] = i;
        }
        for (int r = 0; r < requests.size(); r++) {
          float[] gradient = new float[requests.get(r).length * columns];
          for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (float) random.nextGaussian();
          }
          gradients.add(gradient);
          assertThat(
                  Arrays.equals(
                      shared.scatter(r, values, columns), alone.scatter(r, values, columns)))
              .isTrue();
        }
        assertThat(
                Arrays.equals(
                    shared.sum(gradients, columns, 0.3f), alone.sum(gradients, columns, 0.3f)))
            .isTrue();
      }
    }
  }

  private static List<List<int[]>> largeRequests(Random random) {
    int[] ascending = IntStream.range(5, 70_000).toArray();
    int[] drawn = random.ints(80_000, 0, 50_000).toArray();
    int[] highest = random.ints(40_000, Integer.MAX_VALUE - 30_000, Integer.MAX_VALUE).toArray();
    highest[17] = Integer.MAX_VALUE;
    int[] few = random.ints(60_000, 0, 3).toArray();
    int[] apart = IntStream.range(0, 40_000).map(i -> i << 14).toArray();
    return List.of(
        List.of(ascending),
        List.of(ascending, drawn),
        List.of(drawn, new int[0], ascending, drawn),
        List.of(few),
        List.of(highest, apart));
  }
}
