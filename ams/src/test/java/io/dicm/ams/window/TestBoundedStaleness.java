package io.dicm.ams.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestBoundedStaleness {
  private static final long TIMEOUT_MS = 500;

  private final RecordingComputation computation = new RecordingComputation();
  private final ManualTimer timer = new ManualTimer();

  private OrderedWindow window(int workers, StepSchedule schedule, List<Long> finished) {
    OrderedWindow window =
        new OrderedWindow(
            workers, schedule, TIMEOUT_MS, computation, timer, Runnable::run, finished::add);
    for (int worker = 0; worker < workers; worker++) {
      window.join(worker);
    }
    return window;
  }

  private static StepRequest request(int worker, long step) {
    return new StepRequest(step, new long[0], new long[0], new long[] {10 * step + worker});
  }

  private static StepGradients gradients(int worker, long step) {
    return new StepGradients(
        step, 1, new float[0], new float[0], new float[] {100 * step + worker}, new float[1]);
  }

  /** The halves in the order that the log must show, for one worker. */
  private static List<String> order(String halves) {
    List<String> lines = new ArrayList<>();
    for (String half : halves.split(" ", -1)) {
      int step = Integer.parseInt(half.substring(1));
      lines.add(
          half.startsWith("f")
              ? "forward " + step + ": " + 10 * step
              : "backward " + step + ": " + 100 * step);
    }
    return lines;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 4, f0 b0 f1 b1 f2 b2 f3 b3",
    "1, 0, 0, 4, f0 f1 b0 f2 b1 f3 b2 b3",
    "2, 0, 0, 5, f0 f1 f2 b0 f3 b1 f4 b2 b3 b4",
    // Barriers at 3 and 6: every update before them is made before they start.
    "1, 0, 3, 7, f0 f1 b0 f2 b1 b2 f3 f4 b3 f5 b4 b5 f6 b6",
    "4, 0, 2, 4, f0 f1 b0 b1 f2 f3 b2 b3",
    // Going on from step 3 is the same as going past the barrier there.
    "1, 3, 3, 7, f3 f4 b3 f5 b4 b5 f6 b6",
    "1, 5, 0, 7, f5 f6 b5 b6"
  })
  void theHalvesRunInOneOrder(
      int staleness, long firstStep, long barrierSteps, long untilStep, String expected) {
    List<Long> finished = new ArrayList<>();
    StepWindow window =
        window(1, new StepSchedule(new Staleness(staleness), firstStep, barrierSteps), finished);
    long next = firstStep;
    List<CompletableFuture<Void>> updates = new ArrayList<>();
    for (long step = firstStep; step < untilStep; step++) {
      while (next < untilStep && next <= step + staleness) {
        CompletableFuture<?> unused = window.forward(0, request(0, next++));
      }
      if (next == untilStep) {
        window.leave(0, untilStep);
      }
      updates.add(window.backward(0, gradients(0, step)));
    }
    assertThat(updates).allMatch(CompletableFuture::isDone);
    assertThat(computation.log).isEqualTo(order(expected));
    assertThat(finished).last().isEqualTo(untilStep);
    assertThat(computation.openSteps).isZero();
    assertThat(timer.pendingCount()).isZero();
  }

  /** Whatever the order in which workers come, the computation sees the same. */
  @Test
  void arrivalsDoNotChangeTheOrder() {
    List<String> expected = null;
    for (int seed = 0; seed < 100; seed++) {
      computation.log.clear();
      play(window(3, new StepSchedule(new Staleness(2), 0, 5), new ArrayList<>()), seed);
      expected = expected == null ? List.copyOf(computation.log) : expected;
      assertThat(computation.log).isEqualTo(expected);
    }
    assertThat(expected).hasSize(2 * 12);
  }

  /** Workers with 12, 9 and 12 steps, each moved on at random. */
  private static void play(StepWindow window, int seed) {
    Random random = new Random(seed);
    int[] steps = {12, 9, 12};
    List<Worker> workers = new ArrayList<>();
    for (int worker = 0; worker < steps.length; worker++) {
      workers.add(new Worker(window, worker, steps[worker]));
    }
    for (int move = 0; !workers.stream().allMatch(Worker::isDone); move++) {
      assertThat(move).isLessThan(100_000);
      workers.get(random.nextInt(workers.size())).move(random);
    }
  }

  /** Does what a worker does, a little at a time. */
  private static final class Worker {
    private final StepWindow window;
    private final int worker;
    private final long steps;
    private final List<CompletableFuture<?>> answers = new ArrayList<>();
    private CompletableFuture<Void> lastUpdate = CompletableFuture.completedFuture(null);
    private long sent;

    Worker(StepWindow window, int worker, long steps) {
      this.window = window;
      this.worker = worker;
      this.steps = steps;
    }

    boolean isDone() {
      return sent == steps && lastUpdate.isDone();
    }

    void move(Random random) {
      int asked = answers.size();
      if (asked < steps && asked <= sent + 2) {
        answers.add(window.forward(worker, request(worker, asked)));
        if (asked + 1 == steps) {
          window.leave(worker, steps);
        }
      } else if (sent < asked && answers.get((int) sent).isDone() && lastUpdate.isDone()) {
        lastUpdate = window.backward(worker, gradients(worker, sent++));
      }
      if (!lastUpdate.isDone() && random.nextBoolean()) {
        assertThat(window.backward(worker, gradients(worker, sent - 1))).isSameAs(lastUpdate);
      }
    }
  }

  @Test
  void aStepTooFarAheadIsRefused() {
    StepWindow window = window(1, StepSchedule.of(new Staleness(1)), new ArrayList<>());
    CompletableFuture<?> first = window.forward(0, request(0, 0));
    CompletableFuture<?> second = window.forward(0, request(0, 1));
    CompletableFuture<?> waiting = window.forward(0, request(0, 2));
    assertThatThrownBy(() -> window.forward(0, request(0, 3)))
        .hasMessage("Cannot run step 3 for worker 0: the server is at step 0.");
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(waiting).isNotDone();
    assertThat(window.backward(0, gradients(0, 0))).isCompleted();
    assertThat(waiting).isCompleted();
  }

  @Test
  void saysWhoDidNotCome() {
    StepWindow window = window(2, StepSchedule.of(new Staleness(1)), new ArrayList<>());
    for (int step = 0; step < 2; step++) {
      CompletableFuture<?> one = window.forward(0, request(0, step));
      CompletableFuture<?> other = window.forward(1, request(1, step));
      assertThat(one).isCompleted();
      assertThat(other).isCompleted();
    }
    CompletableFuture<?> update = window.backward(0, gradients(0, 0));
    CompletableFuture<?> ahead = window.forward(0, request(0, 2));
    timer.expire();
    assertThat(update).isCompletedExceptionally();
    assertThat(ahead).isCompletedExceptionally();
    assertThatThrownBy(() -> window.forward(1, request(1, 2)))
        .hasMessage(
            "Cannot run step 0: workers [1] did not send their gradients within 500 ms. See their"
                + " logs.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.WINDOW_TIMED_OUT);
    assertThat(computation.openSteps).isZero();
  }

  /** Each step gets the whole time anew: what goes on is not late. */
  @Test
  void whatGoesOnIsNotLate() {
    StepWindow window = window(2, StepSchedule.of(new Staleness(1)), new ArrayList<>());
    CompletableFuture<?> first = window.forward(0, request(0, 0));
    CompletableFuture<?> ahead = window.forward(0, request(0, 1));
    assertThat(timer.pendingCount()).isEqualTo(1);
    int before = timer.started();
    CompletableFuture<?> other = window.forward(1, request(1, 0));
    assertThat(first).isCompleted();
    assertThat(other).isCompleted();
    assertThat(ahead).isNotDone();
    assertThat(timer.pendingCount()).isEqualTo(1);
    assertThat(timer.started()).isEqualTo(before + 1);
  }
}
