package io.dicm.trainer.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TestSharedHistory {

  /** Any windows at all are found at the end of the history, and nothing is stored in vain. */
  @Property(seed = "21", tries = 500)
  void aWindowIsTheEndOfTheHistoryAndSharesAllItCan(
      @ForAll @Size(max = 12)
          List<@Size(max = 8) List<@IntRange(min = 1, max = 2) Integer>> windows) {
    SharedHistory history = new SharedHistory(1);
    List<Integer> stored = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();

    for (List<Integer> window : windows) {
      int arrived = history.append(behaviors(window));

      int shared = window.size() - arrived;
      assertThat(shared).isEqualTo(overlap(stored, window));
      stored.addAll(window.subList(shared, window.size()));
      ends.add(stored.size());
      assertThat(history.size()).isEqualTo(stored.size());
    }

    Behaviors all = history.take();
    for (int i = 0; i < windows.size(); i++) {
      List<Integer> window = windows.get(i);
      int end = ends.get(i);
      assertThat(Arrays.copyOfRange(all.imageKeys(), end - window.size(), end))
          .isEqualTo(behaviors(window).imageKeys());
      assertThat(Arrays.copyOfRange(all.idKeys()[0], end - window.size(), end))
          .isEqualTo(behaviors(window).idKeys()[0]);
    }
    assertThat(history.size()).isZero();
  }

  private static int overlap(List<Integer> stored, List<Integer> window) {
    int most = Math.min(stored.size(), window.size());
    while (!stored.subList(stored.size() - most, stored.size()).equals(window.subList(0, most))) {
      most--;
    }
    return most;
  }

  /** Behaviours of one picture that differ in their ID: both count. */
  private static Behaviors behaviors(List<Integer> items) {
    return new Behaviors(
        new long[items.size()],
        new long[][] {items.stream().mapToLong(Integer::longValue).toArray()});
  }
}
