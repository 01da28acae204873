package io.dicm.ams.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestOrderedWindow {
  private static final int WORKERS = 3;
  private static final long TIMEOUT_MS = 500;

  private final RecordingComputation computation = new RecordingComputation();
  private final ManualTimer timer = new ManualTimer();
  private final StepWindow window =
      window(WORKERS, StepSchedule.of(Staleness.SYNCHRONOUS), computation, timer);

  private static StepWindow window(
      int workers, StepSchedule schedule, StepComputation computation, WindowTimer timer) {
    return new OrderedWindow(
        workers, schedule, TIMEOUT_MS, computation, timer, Runnable::run, steps -> {});
  }

  @BeforeEach
  void joinAll() {
    for (int worker = 0; worker < WORKERS; worker++) {
      window.join(worker);
    }
  }

  @CanIgnoreReturnValue // In many tests the answers are of no interest.
  private CompletableFuture<StepInputs> forward(int worker, long step) {
    return window.forward(worker, request(worker, step));
  }

  private static StepRequest request(int worker, long step) {
    return new StepRequest(step, new long[0], new long[0], new long[] {10 * step + worker});
  }

  @CanIgnoreReturnValue // In many tests the answers are of no interest.
  private CompletableFuture<Void> backward(int worker, long step) {
    return window.backward(worker, gradients(worker, step));
  }

  private static StepGradients gradients(int worker, long step) {
    float[] value = {100 * step + worker};
    return new StepGradients(step, 1, new float[0], new float[0], value, new float[1]);
  }

  private void runStep(long step) {
    for (int worker = 0; worker < WORKERS; worker++) {
      forward(worker, step);
    }
    for (int worker = 0; worker < WORKERS; worker++) {
      backward(worker, step);
    }
  }

  private static void assertFailed(CompletableFuture<?> future, ErrorCode code, String message) {
    assertThat(future).isCompletedExceptionally();
    assertThatThrownBy(future::join)
        .cause()
        .hasMessage(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  @Test
  void anyOrderOfArrivalsRetriesAndLeavesComputesTheSame() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      RecordingComputation recording = new RecordingComputation();
      StepWindow tested =
          window(WORKERS, StepSchedule.of(Staleness.SYNCHRONOUS), recording, new ManualTimer());
      int[] lastStep = new int[WORKERS];
      List<String> expected = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        lastStep[worker] = random.nextInt(6);
        tested.join(worker);
      }
      for (int step = 0; step < 6; step++) {
        List<Integer> active = new ArrayList<>();
        for (int worker = 0; worker < WORKERS; worker++) {
          if (step <= lastStep[worker]) {
            active.add(worker);
          }
        }
        if (active.isEmpty()) {
          break;
        }
        expected.add(line("forward ", step, active, 10));
        expected.add(line("backward ", step, active, 100));
        playStep(tested, step, active, lastStep, random);
      }
      assertThat(recording.log).isEqualTo(expected);
    }
  }

  private static String line(String half, int step, List<Integer> workers, int factor) {
    StringBuilder line = new StringBuilder(half + step + ":");
    workers.forEach(worker -> line.append(' ').append(factor * step + worker));
    return line.toString();
  }

  /** Workers come in random order, twice at times; those that leave say so before or after. */
  private static void playStep(
      StepWindow tested, int step, List<Integer> active, int[] lastStep, Random random) {
    List<Integer> order = new ArrayList<>(active);
    for (int worker = 0; worker < WORKERS; worker++) {
      if (lastStep[worker] == step - 1) {
        order.add(worker);
      }
    }
    Collections.shuffle(order, random);
    List<CompletableFuture<StepInputs>> answers = new ArrayList<>();
    for (int worker : order) {
      if (!active.contains(worker)) {
        tested.leave(worker, step);
        continue;
      }
      answers.add(tested.forward(worker, request(worker, step)));
      if (random.nextBoolean()) {
        answers.add(tested.forward(worker, request(worker, step)));
      }
    }
    assertThat(answers).allMatch(CompletableFuture::isDone);
    Collections.shuffle(active, random);
    List<CompletableFuture<Void>> updates = new ArrayList<>();
    for (int worker : active) {
      updates.add(tested.backward(worker, gradients(worker, step)));
      if (random.nextBoolean()) {
        updates.add(tested.backward(worker, gradients(worker, step)));
      }
    }
    assertThat(updates).allMatch(CompletableFuture::isDone);
  }

  @Test
  void waitsForAllActiveWorkersAndAnswersEachItsOwn() {
    CompletableFuture<StepInputs> first = forward(2, 0);
    CompletableFuture<StepInputs> second = forward(0, 0);
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    CompletableFuture<StepInputs> third = forward(1, 0);
    assertThat(first.join().idEmbeddings()).containsExactly(2);
    assertThat(second.join().idEmbeddings()).containsExactly(0);
    assertThat(third.join().idEmbeddings()).containsExactly(1);
    assertThat(backward(1, 0)).isNotDone();
    assertThat(window.updates()).isZero();
    backward(0, 0);
    assertThat(backward(2, 0)).isCompleted();
    assertThat(window.updates()).isEqualTo(1);
    assertThat(timer.pendingCount()).isZero();
  }

  @Test
  void aStepWaitsForAWorkerThatHasNotJoinedYet() {
    StepWindow tested = window(2, StepSchedule.of(Staleness.SYNCHRONOUS), computation, timer);
    tested.join(0);
    assertThat(tested.forward(0, request(0, 0))).isNotDone();
    tested.join(1);
    assertThat(computation.log).isEmpty();
    assertThat(tested.forward(1, request(1, 0))).isDone();
  }

  @Test
  void theSameRequestHasTheSameAnswerUntilTheNextStep() {
    CompletableFuture<StepInputs> early = forward(0, 0);
    assertThat(forward(0, 0)).isSameAs(early);
    forward(1, 0);
    forward(2, 0);
    assertThat(forward(0, 0).join()).isSameAs(early.join());
    for (int worker = 0; worker < WORKERS; worker++) {
      backward(worker, 0);
    }
    forward(1, 1);
    // Worker 0's answer was lost, others went on: its retry finds the update made.
    assertThat(backward(0, 0)).isCompleted();
    assertThat(computation.log).containsExactly("forward 0: 0 1 2", "backward 0: 0 1 2");
  }

  @Test
  void aLeavingWorkerLetsTheOthersGoOn() {
    runStep(0);
    CompletableFuture<StepInputs> waiting = forward(0, 1);
    forward(2, 1);
    assertThat(waiting).isNotDone();
    window.leave(1, 1);
    window.leave(1, 1);
    assertThat(waiting).isCompleted();
    backward(0, 1);
    assertThat(backward(2, 1)).isCompleted();
    assertThatThrownBy(() -> forward(1, 2))
        .hasMessage("Cannot run step 2 for worker 1: it left before step 1.");
    assertThatThrownBy(() -> window.leave(0, 1))
        .hasMessage(
            "Cannot run step 1 for worker 0: it wants to leave before it, but has taken part in it.");
  }

  /** The answer to a worker's last gradients was lost; meanwhile the others went on without it. */
  @Test
  void aWorkerThatHasLeftIsStillToldOfItsLastUpdate() {
    runStep(0);
    window.leave(1, 1);
    for (long step = 1; step < 4; step++) {
      forward(0, step);
      forward(2, step);
      backward(0, step);
      backward(2, step);
    }
    assertThat(backward(1, 0)).isCompleted();
    assertThatThrownBy(() -> backward(0, 1))
        .hasMessage("Cannot run step 1 for worker 0: the server is at step 4.");
  }

  /** What cannot be offered has not joined. */
  @Test
  void aRefusedOfferIsNoJoin() {
    StepWindow tested = window(1, StepSchedule.of(Staleness.SYNCHRONOUS), computation, timer);
    assertThatThrownBy(
            () ->
                tested.join(
                    0,
                    () -> {
                      throw new IllegalStateException("too long");
                    }))
        .hasMessage("too long");
    assertThatThrownBy(() -> tested.forward(0, request(0, 0)))
        .hasMessage("Cannot run step 0 for worker 0: it has not joined.");
  }

  @Test
  void missingWorkersFailTheStepForAllWhoWaitAndAllWhoCome() {
    runStep(0);
    CompletableFuture<StepInputs> waiting = forward(1, 1);
    timer.expire();
    String message =
        "Cannot run step 1: workers [0, 2] did not ask for it within 500 ms. See their logs.";
    assertFailed(waiting, ErrorCode.WINDOW_TIMED_OUT, message);
    assertThatThrownBy(() -> forward(0, 1)).hasMessage(message);
    assertThatThrownBy(() -> backward(0, 1)).hasMessage(message);
    assertThatThrownBy(() -> window.join(0)).hasMessage(message);
    window.leave(0, 1);
  }

  @Test
  void missingGradientsFailTheStep() {
    for (int worker = 0; worker < WORKERS; worker++) {
      forward(worker, 0);
    }
    CompletableFuture<Void> waiting = backward(2, 0);
    timer.expire();
    assertFailed(
        waiting,
        ErrorCode.WINDOW_TIMED_OUT,
        "Cannot run step 0: workers [0, 1] did not send their gradients within 500 ms. See their"
            + " logs.");
  }

  @Test
  void anUpdateThatNeverEndsFailsTheStep() {
    computation.update = new CompletableFuture<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      forward(worker, 0);
    }
    backward(0, 0);
    backward(1, 0);
    CompletableFuture<Void> waiting = backward(2, 0);
    assertThat(waiting).isNotDone();
    timer.expire();
    String message =
        "Cannot run step 0: other servers did not send their part of the sub-model's gradient within"
            + " 500 ms. See their logs.";
    assertFailed(waiting, ErrorCode.WINDOW_TIMED_OUT, message);
    computation.update.complete(null);
    assertThat(window.updates()).isZero();
  }

  @Test
  void anUpdateThatFailsFailsTheStep() {
    computation.update =
        CompletableFuture.failedFuture(
            new DicmException(ErrorCode.SERVICE_UNAVAILABLE, "Cannot reach server 1."));
    for (int worker = 0; worker < WORKERS; worker++) {
      forward(worker, 0);
    }
    backward(0, 0);
    backward(1, 0);
    assertFailed(backward(2, 0), ErrorCode.SERVICE_UNAVAILABLE, "Cannot reach server 1.");
  }

  @Test
  void aFailedComputationFailsTheStepForAll() {
    computation.failure = new IllegalStateException("no memory");
    CompletableFuture<StepInputs> first = forward(0, 0);
    forward(1, 0);
    CompletableFuture<StepInputs> last = forward(2, 0);
    String message = "Cannot run step 0: java.lang.IllegalStateException: no memory";
    assertFailed(first, ErrorCode.INTERNAL, message);
    assertFailed(last, ErrorCode.INTERNAL, message);
  }

  @Test
  void otherStepsAreRefusedAndDisturbNobody() {
    runStep(0);
    runStep(1);
    CompletableFuture<StepInputs> waiting = forward(0, 2);
    assertThatThrownBy(() -> forward(1, 1))
        .hasMessage("Cannot run step 1 for worker 1: the server is at step 2.");
    assertThatThrownBy(() -> forward(1, 4))
        .hasMessage("Cannot run step 4 for worker 1: the server is at step 2.");
    assertThatThrownBy(() -> backward(1, 0))
        .hasMessage("Cannot run step 0 for worker 1: the server is at step 2.");
    assertThatThrownBy(() -> backward(1, 2))
        .hasMessage("Cannot run step 2 for worker 1: it sent gradients before it was answered.");
    assertThatThrownBy(() -> forward(7, 2))
        .hasMessage("Cannot serve worker 7: there are workers 0..2.");
    assertThatThrownBy(() -> window.leave(-1, 2))
        .hasMessage("Cannot serve worker -1: there are workers 0..2.");
    assertThat(waiting).isNotDone();
    forward(1, 2);
    forward(2, 2);
    assertThat(waiting).isCompleted();
  }

  @Test
  void wrongContentsAreRefusedAndDisturbNobody() {
    forward(0, 0);
    StepRequest otherKeys = new StepRequest(0, new long[0], new long[0], new long[] {99});
    assertThatThrownBy(() -> window.forward(0, otherKeys))
        .hasMessage("Cannot run step 0 for worker 0: it asked for other keys before.");
    forward(1, 0);
    forward(2, 0);
    StepGradients tooShort =
        new StepGradients(0, 1, new float[0], new float[0], new float[0], new float[1]);
    assertThatThrownBy(() -> window.backward(0, tooShort))
        .hasMessage(
            "Cannot run step 0 for worker 0: its gradients do not fit what it was answered.");
    for (int worker = 0; worker < WORKERS; worker++) {
      backward(worker, 0);
    }
    assertThat(window.updates()).isEqualTo(1);
  }

  @Test
  void aRestartedWorkerNeedsANewEpoch() {
    window.join(0);
    forward(0, 0);
    assertThatThrownBy(() -> window.join(0))
        .hasMessage(
            "Cannot let worker 0 join: training is at step 0 already. A restarted worker needs a new"
                + " epoch.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STALE_EPOCH);
    window.join(1);
  }
}
