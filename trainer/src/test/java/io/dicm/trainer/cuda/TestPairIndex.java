package io.dicm.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.device.ComputeDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

class TestPairIndex {
  @Test
  void listsPairsFromBothSides() {
    // Impressions {2, 0}, {}, {2, 2, 3}, {}; nobody asks about behavior 1.
    PairIndex index = PairIndex.of(new int[] {2, 0, 2, 2, 3}, new int[] {0, 2, 2, 5}, 4);

    assertThat(index.offsets()).containsExactly(0, 2, 2, 5, 5);
    assertThat(index.impressionOfPair()).containsExactly(0, 0, 2, 2, 2);
    assertThat(index.pieces()).containsExactly(0, 0, 1, 0, 1, 1, 1, 1, 2, 1, 4, 2, 3, 4, 5, 3);
    assertThat(index.divided()).isEmpty();
    assertThat(index.resultRows()).isEqualTo(4);
    assertThat(index.pairs()).isEqualTo(5);
    assertThat(index.impressions()).isEqualTo(4);
  }

  @Test
  void cutsWhatManyAskAbout() {
    int[] behaviors = {1, 1, 0, 1, 1, 1, 0};
    PairIndex index = PairIndex.of(behaviors, new int[] {0, 3}, 2, 2);

    assertThat(index.impressionOfPair()).containsExactly(0, 1, 0, 0, 1, 1, 1);
    assertThat(index.pieces()).containsExactly(0, 0, 2, 0, 1, 2, 4, 2, 1, 4, 6, 3, 1, 6, 7, 4);
    assertThat(index.divided()).containsExactly(1, 2, 5, 0);
    assertThat(index.resultRows()).isEqualTo(5);
  }

  @Test
  void isEmptyOfNothing() {
    PairIndex none = PairIndex.of(new int[0], new int[0], 0);
    assertThat(none.offsets()).containsExactly(0);
    assertThat(none.pieces()).isEmpty();

    PairIndex unasked = PairIndex.of(new int[0], new int[] {0, 0}, 3);
    assertThat(unasked.pieces()).containsExactly(0, 0, 0, 0, 1, 0, 0, 1, 2, 0, 0, 2);
    try (PointerScope scope = new PointerScope()) {
      PairTensors tensors = PairTensors.of(unasked, ComputeDevice.PROCESSOR);
      assertThat(tensors.pieceCount()).isEqualTo(3);
      assertThat(tensors.dividedCount()).isZero();
      assertThat(tensors.pieces().size(1)).isEqualTo(4);
      assertThat(tensors.behaviorOfPair().numel()).isZero();
    }
  }

  @Test
  void hasEveryPairOnceInPiecesThatAreShort() {
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      int behaviors = 1 + random.nextInt(20);
      int impressions = 1 + random.nextInt(20);
      int[] begins = new int[impressions];
      List<Integer> pairs = new ArrayList<>();
      List<List<Integer>> expected = new ArrayList<>();
      for (int i = 0; i < behaviors; i++) {
        expected.add(new ArrayList<>());
      }
      for (int impression = 0; impression < impressions; impression++) {
        begins[impression] = pairs.size();
        for (int i = random.nextInt(9); i > 0; i--) {
          int behavior = Math.min(random.nextInt(behaviors), random.nextInt(behaviors));
          pairs.add(behavior);
          expected.get(behavior).add(impression);
        }
      }
      PairIndex index =
          PairIndex.of(pairs.stream().mapToInt(i -> i).toArray(), begins, behaviors, 3);

      List<List<Integer>> found = new ArrayList<>();
      int[] rowsOfBehavior = new int[behaviors];
      for (int i = 0; i < behaviors; i++) {
        found.add(new ArrayList<>());
      }
      boolean[] rows = new boolean[index.resultRows()];
      for (int at = 0; at < index.pieces().length; at += 4) {
        int[] piece = Arrays.copyOfRange(index.pieces(), at, at + 4);
        assertThat(piece[2] - piece[1]).isBetween(0, 3);
        for (int pair = piece[1]; pair < piece[2]; pair++) {
          found.get(piece[0]).add(index.impressionOfPair()[pair]);
        }
        assertThat(rows[piece[3]]).isFalse();
        rows[piece[3]] = true;
        rowsOfBehavior[piece[0]]++;
      }
      assertThat(found).isEqualTo(expected);
      for (int at = 0; at < index.divided().length; at += 4) {
        int behavior = index.divided()[at];
        assertThat(rows[behavior]).isFalse();
        assertThat(index.divided()[at + 2] - index.divided()[at + 1])
            .isEqualTo(rowsOfBehavior[behavior])
            .isGreaterThan(1);
        rows[behavior] = true;
      }
      assertThat(rows).doesNotContain(false);
    }
  }
}
