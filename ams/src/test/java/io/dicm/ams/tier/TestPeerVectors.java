package io.dicm.ams.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestPeerVectors {
  private static final int DIMENSION = 3;

  private final MemoryBudget budget = new MemoryBudget("vectors", "Take less.", 1000);
  private final List<String> asked = new ArrayList<>();

  /** An image's vector is its key and halves of it; those that 10 divides have none. */
  private CompletableFuture<StoredVectors> answer(
      VectorPrecision precision, int server, long[] keys) {
    asked.add(server + ": " + LongStream.of(keys).boxed().toList());
    int[] missing = IntStream.range(0, keys.length).filter(i -> keys[i] % 10 == 0).toArray();
    int bytes = DIMENSION * precision.valueBytes();
    ByteBuffer vectors =
        ByteBuffer.allocate((keys.length - missing.length) * bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (long key : keys) {
      if (key % 10 != 0) {
        precision.encode(new float[] {key, key / 2f, key / 4f}, vectors);
        vectors.position(vectors.position() + bytes);
      }
    }
    return CompletableFuture.completedFuture(new StoredVectors(vectors.flip(), missing));
  }

  private PeerVectors peers(VectorPrecision precision, int images) {
    return new PeerVectors(
        (server, keys) -> answer(precision, server, keys),
        3,
        DIMENSION,
        precision,
        budget,
        (long) images * DIMENSION * precision.valueBytes(),
        1000);
  }

  @ParameterizedTest
  @EnumSource(VectorPrecision.class)
  void anImageIsFetchedOnceWhileItIsKept(VectorPrecision precision) {
    try (PeerVectors peers = peers(precision, 4)) {
      assertThat(peers.mostImages()).isEqualTo(4);
      List<PeerVectors.Held> first = peers.hold(new long[] {1, 4, 5, 10});
      assertThat(asked).containsExactly("1: [1, 4, 10]", "2: [5]");
      assertThat(budget.takenBytes()).isEqualTo(3L * DIMENSION * precision.valueBytes());
      float[] vector = new float[DIMENSION];
      assertThat(peers.copy(first.get(2), vector)).isTrue();
      assertThat(vector).containsExactly(5f, 2.5f, 1.25f);
      assertThat(peers.copy(first.get(3), vector)).isFalse();
      assertThat(vector).containsExactly(5f, 2.5f, 1.25f);
      // 1 was wanted last: 4 makes room for 7, then 5 and 10 do.
      peers.hold(new long[] {1});
      peers.hold(new long[] {7});
      peers.hold(new long[] {1, 7, 8, 11});
      assertThat(asked.subList(2, asked.size())).containsExactly("1: [7]", "2: [8, 11]");
      assertThat(peers.size()).isEqualTo(4);
      assertThat(peers.fetched()).isEqualTo(7);
      peers.hold(new long[] {4});
      assertThat(asked).last().isEqualTo("1: [4]");
      assertThat(peers.size()).isEqualTo(4);
    }
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void oneIsKeptHoweverLittleRoomThereIs() {
    try (PeerVectors peers = peers(VectorPrecision.FLOAT32, 0)) {
      assertThat(peers.mostImages()).isEqualTo(1);
      peers.hold(new long[] {1});
      peers.hold(new long[] {2});
      assertThat(peers.size()).isEqualTo(1);
    }
  }

  @Test
  void whatDoesNotFitTheBudgetIsRefused() {
    try (PeerVectors peers = peers(VectorPrecision.FLOAT32, 500)) {
      long[] keys = LongStream.range(0, 500).map(i -> 10 * i + 1).toArray();
      assertThatThrownBy(() -> peers.hold(keys))
          .hasMessage("Cannot hold vectors: they need 1008 bytes, allowed 1000. Take less.");
    }
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void anOwnersFailureIsToldAndNothingIsKeptOfIt() {
    DicmException failure = new DicmException(ErrorCode.WINDOW_TIMED_OUT, "Too late.");
    boolean[] fails = {true};
    try (PeerVectors peers =
        new PeerVectors(
            (server, keys) ->
                fails[0]
                    ? CompletableFuture.failedFuture(failure)
                    : answer(VectorPrecision.FLOAT32, server, keys),
            2,
            DIMENSION,
            VectorPrecision.FLOAT32,
            budget,
            1000,
            1000)) {
      assertThatThrownBy(() -> peers.hold(new long[] {1, 2})).isSameAs(failure);
      assertThat(peers.size()).isZero();
      fails[0] = false;
      assertThat(peers.hold(new long[] {1, 2})).hasSize(2);
    }
  }

  @Test
  void anAnswerOfAnotherLengthIsRefused() {
    try (PeerVectors peers =
        new PeerVectors(
            (server, keys) ->
                CompletableFuture.completedFuture(
                    new StoredVectors(ByteBuffer.allocate(11), new int[0])),
            1,
            DIMENSION,
            VectorPrecision.FLOAT32,
            budget,
            1000,
            1000)) {
      assertThatThrownBy(() -> peers.hold(new long[] {1}))
          .hasMessage(
              "Cannot take image vectors of another server: got 11 bytes for 1 vectors of 12.");
    }
  }
}
