package io.dicm.ams.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TestComputeCrew {
  @ParameterizedTest
  @CsvSource({"1,1000,64", "2,1000,64", "3,1,64", "4,63,64", "2,4096,256", "7,100000,1"})
  void piecesCoverARangeOnce(int threads, int length, int unit) {
    AtomicIntegerArray computed = new AtomicIntegerArray(length);
    List<Long> starts = Collections.synchronizedList(new ArrayList<>());
    try (ComputeCrew crew = new ComputeCrew("test-pieces-", threads)) {
      crew.run(
          crew.pieces(
              length,
              unit,
              (from, size) -> {
                starts.add(from);
                for (long i = from; i < from + size; i++) {
                  computed.incrementAndGet((int) i);
                }
              }));
    }
    for (int i = 0; i < length; i++) {
      assertThat(computed.get(i)).isOne();
    }
    assertThat(starts).allMatch(start -> start % unit == 0);
    assertThat(starts.size() == 1).isEqualTo(threads == 1 || length <= unit);
  }

  @ParameterizedTest
  @CsvSource({"1,1000,1,1", "4,1000,1,4", "4,1001,1,4", "4,1000,400,3", "16,5,1,5", "3,0,1,1"})
  void equalPiecesAreAtMostOneForEachThread(int threads, int length, int least, int pieces) {
    AtomicIntegerArray computed = new AtomicIntegerArray(length);
    List<Long> lengths = Collections.synchronizedList(new ArrayList<>());
    try (ComputeCrew crew = new ComputeCrew("test-equal-", threads)) {
      assertThat(crew.threads()).isEqualTo(threads);
      crew.runEqually(
          length,
          least,
          (from, size) -> {
            lengths.add(size);
            for (long i = from; i < from + size; i++) {
              computed.incrementAndGet((int) i);
            }
          });
    }
    for (int i = 0; i < length; i++) {
      assertThat(computed.get(i)).isOne();
    }
    assertThat(lengths).hasSize(pieces);
  }

  @Test
  void severalThreadsComputeAtATime() throws InterruptedException {
    CountDownLatch both = new CountDownLatch(2);
    Set<String> names = ConcurrentHashMap.newKeySet();
    Runnable meets =
        () -> {
          names.add(Thread.currentThread().getName());
          both.countDown();
          try {
            assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    try (ComputeCrew crew = new ComputeCrew("test-crew-", 2)) {
      crew.run(List.of(meets, meets));
      assertThat(names).containsExactlyInAnyOrder("test-crew-0", Thread.currentThread().getName());
    }
    Awaitility.await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("test-crew-")));
  }

  @Test
  void theFirstFailureIsThrownAndNothingRunsAfterwards() {
    AtomicInteger running = new AtomicInteger();
    try (ComputeCrew crew = new ComputeCrew("test-failing-", 3)) {
      for (int round = 0; round < 200; round++) {
        List<Runnable> pieces = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          int piece = i;
          pieces.add(
              () -> {
                running.incrementAndGet();
                try {
                  if (piece == 7) {
                    throw new IllegalStateException("piece 7");
                  }
                } finally {
                  running.decrementAndGet();
                }
              });
        }
        assertThatThrownBy(() -> crew.run(pieces)).hasMessage("piece 7");
        assertThat(running).hasValue(0);
      }
    }
  }

  @Test
  void manyCallersShareTheHelpers() throws InterruptedException {
    AtomicInteger done = new AtomicInteger();
    try (ComputeCrew crew = new ComputeCrew("test-shared-", 2)) {
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Thread caller =
            new Thread(
                () -> {
                  for (int round = 0; round < 500; round++) {
                    crew.run(Collections.nCopies(5, done::incrementAndGet));
                  }
                },
                "test-caller-" + i);
        caller.start();
        callers.add(caller);
      }
      for (Thread caller : callers) {
        caller.join(30_000);
      }
    }
    assertThat(done).hasValue(4 * 500 * 5);
  }

  @Test
  void afterCloseTheCallerComputesAlone() {
    ComputeCrew crew = new ComputeCrew("test-closed-", 2);
    crew.close();
    AtomicInteger done = new AtomicInteger();
    crew.run(Collections.nCopies(3, done::incrementAndGet));
    assertThat(done).hasValue(3);
  }
}
