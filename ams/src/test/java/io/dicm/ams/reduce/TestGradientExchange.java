package io.dicm.ams.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class TestGradientExchange {
  private static final int[] LENGTHS = {2, 3};
  private static final float[] NONE = {};

  private static GradientExchange exchange(int server, int servers) {
    return new GradientExchange(
        server, servers, LENGTHS, (step, own) -> CompletableFuture.completedFuture(null), 0);
  }

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private static List<float[]> result(CompletionStage<List<float[]>> stage) {
    return stage.toCompletableFuture().getNow(null);
  }

  @Test
  void theSumHasTheSameBitsInWhateverOrderPartsCome() {
    int servers = 5;
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<List<float[]>> parts = new ArrayList<>();
      for (int s = 0; s < servers; s++) {
        parts.add(List.of(floats(random, 2), floats(random, 3)));
      }
      List<float[]> reference = null;
      for (int server = 0; server < servers; server++) {
        GradientExchange exchange = exchange(server, servers);
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
        Collections.shuffle(order, random);
        CompletionStage<List<float[]>> sum = null;
        for (int from : order) {
          if (from == server) {
            sum = exchange.reduce(0, parts.get(from));
          } else {
            exchange.accept(from, 0, parts.get(from));
            exchange.accept(from, 0, parts.get(from));
          }
        }
        List<float[]> sums = result(sum);
        reference = reference == null ? sums : reference;
        assertThat(sums.get(0)).isEqualTo(reference.get(0));
        assertThat(sums.get(1)).isEqualTo(reference.get(1));
      }
    }
  }

  @Test
  void waitsForAllAndKeepsWhatCameAheadOfTime() {
    GradientExchange exchange = exchange(0, 2);
    exchange.accept(1, 0, List.of(new float[] {1, 2}, NONE));
    exchange.accept(1, 1, List.of(new float[] {5, 5}, NONE));
    List<float[]> first = result(exchange.reduce(0, List.of(new float[] {10, 20}, NONE)));
    assertThat(first.get(0)).containsExactly(11, 22);
    assertThat(first.get(1)).isEmpty();
    assertThat(result(exchange.reduce(1, List.of(NONE, new float[] {1, 1, 1}))).get(0))
        .containsExactly(5, 5);
    CompletionStage<List<float[]>> third = exchange.reduce(2, List.of(NONE, NONE));
    assertThat(result(third)).isNull();
    exchange.accept(1, 2, List.of(NONE, NONE));
    assertThat(result(third)).hasSize(2).allMatch(sum -> sum.length == 0);
  }

  /** The sums' arrays are used again. */
  @Test
  void nothingOfAStepIsLeftInTheNext() {
    GradientExchange exchange = exchange(0, 2);
    exchange.accept(1, 0, List.of(new float[] {1, 2}, new float[] {3, 4, 5}));
    exchange.reduce(0, List.of(new float[] {10, 20}, new float[] {30, 40, 50}));
    exchange.accept(1, 1, List.of(NONE, new float[] {7, 7, 7}));
    List<float[]> second = result(exchange.reduce(1, List.of(new float[] {6, 6}, NONE)));
    assertThat(second.get(0)).containsExactly(6, 6);
    assertThat(second.get(1)).containsExactly(7, 7, 7);
    exchange.accept(1, 2, List.of(NONE, NONE));
    assertThat(result(exchange.reduce(2, List.of(NONE, NONE)))).allMatch(sum -> sum.length == 0);
  }

  @Test
  void ownArraysAreNotChanged() {
    float[] own = {1, 2};
    float[] others = {3, 4};
    GradientExchange exchange = exchange(0, 2);
    exchange.accept(1, 0, List.of(others, NONE));
    assertThat(result(exchange.reduce(0, List.of(own, NONE))).get(0)).containsExactly(4, 6);
    assertThat(own).containsExactly(1, 2);
    assertThat(others).containsExactly(3, 4);
  }

  @Test
  void failsWhenTheOthersCannotBeReached() {
    DicmException unreachable = new DicmException(ErrorCode.SERVICE_UNAVAILABLE, "Cannot send.");
    GradientExchange exchange =
        new GradientExchange(
            0, 2, LENGTHS, (step, own) -> CompletableFuture.failedFuture(unreachable), 0);
    CompletionStage<List<float[]>> sum = exchange.reduce(0, List.of(NONE, NONE));
    assertThat(sum.toCompletableFuture()).isCompletedExceptionally();
    assertThatThrownBy(sum.toCompletableFuture()::join).hasCause(unreachable);
  }

  @Test
  void refusesWhatCannotBeRight() {
    GradientExchange exchange = exchange(0, 2);
    assertThatThrownBy(() -> exchange.accept(2, 0, List.of(NONE, NONE)))
        .hasMessage(
            "Cannot take the gradient of server 2: there are servers 0..1 and this one is 0.");
    assertThatThrownBy(() -> exchange.accept(0, 0, List.of(NONE, NONE)))
        .hasMessageContaining("this one is 0");
    assertThatThrownBy(() -> exchange.accept(1, 0, List.of(new float[2], new float[2])))
        .hasMessage("Cannot take the gradient of server 1: its lengths are [2, 2], needed [2, 3].");
    assertThatThrownBy(() -> exchange.accept(1, 0, List.of(NONE))).hasMessageContaining("[0]");
    assertThatThrownBy(() -> exchange.accept(1, 5, List.of(NONE, NONE)))
        .hasMessage(
            "Cannot take the gradient of server 1: it is of step 5, this server is at step 0.");
  }
}
