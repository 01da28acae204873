package io.dicm.ams.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
}
