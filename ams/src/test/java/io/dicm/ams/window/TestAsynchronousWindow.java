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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestAsynchronousWindow {
  private static final int WORKERS = 2;
  private static final long TIMEOUT_MS = 500;
  private static final long BARRIER_STEPS = 2;

  private final RecordingComputation computation = new RecordingComputation();
  private final ManualTimer timer = new ManualTimer();
  private final List<Long> barriers = new ArrayList<>();
  private final StepWindow window =
      new AsynchronousWindow(
          WORKERS,
          new StepSchedule(Staleness.ASYNCHRONOUS, 0, BARRIER_STEPS),
          TIMEOUT_MS,
          computation,
          timer,
          Runnable::run,
          barriers::add);

  @BeforeEach
  void joinAll() {
    window.join(0);
    window.join(1);
  }

  @CanIgnoreReturnValue // In many tests the answers are of no interest.
  private CompletableFuture<StepInputs> forward(int worker, long step) {
    return window.forward(
        worker, new StepRequest(step, new long[0], new long[0], new long[] {10 * step + worker}));
  }

  @CanIgnoreReturnValue // In many tests the answers are of no interest.
  private CompletableFuture<Void> backward(int worker, long step) {
    return window.backward(
        worker,
        new StepGradients(
            step, 1, new float[0], new float[0], new float[] {100 * step + worker}, new float[1]));
  }

  @Test
  void nobodyWaitsForASlowerWorker() {
    assertThat(forward(0, 0)).isCompleted();
    assertThat(forward(0, 1)).isCompleted();
    assertThat(backward(0, 0)).isCompleted();
    assertThat(backward(0, 1)).isCompleted();
    assertThat(forward(1, 0)).isCompleted();
    assertThat(computation.log)
        .containsExactly(
            "forward 0: 0", "forward 1: 10", "backward 0: 0", "backward 1: 100", "forward 0: 1");
    // Each worker's step has a number of its own.
    assertThat(computation.rounds).containsExactly(0L, 2L);
    assertThat(window.updates()).isEqualTo(2);
    assertThat(timer.pendingCount()).isZero();
  }

  @Test
  void nobodyStartsBeforeAllHaveJoined() {
    StepWindow tested =
        new AsynchronousWindow(
            WORKERS,
            StepSchedule.of(Staleness.ASYNCHRONOUS),
            TIMEOUT_MS,
            computation,
            timer,
            Runnable::run,
            barriers::add);
    tested.join(1);
    StepRequest request = new StepRequest(0, new long[0], new long[0], new long[] {7});
    CompletableFuture<StepInputs> early = tested.forward(1, request);
    assertThat(early).isNotDone();
    tested.join(0);
    assertThat(early).isCompleted();
  }

  @Test
  void aWorkerThatDoesNotJoinFailsTheTraining() {
    StepWindow tested =
        new AsynchronousWindow(
            WORKERS,
            StepSchedule.of(Staleness.ASYNCHRONOUS),
            TIMEOUT_MS,
            computation,
            timer,
            Runnable::run,
            barriers::add);
    tested.join(1);
    StepRequest request = new StepRequest(0, new long[0], new long[0], new long[] {7});
    assertThat(tested.forward(1, request)).isNotDone();
    timer.expire();
    assertThatThrownBy(() -> tested.join(0))
        .hasMessage("Cannot run step 0: workers [0] did not join within 500 ms. See their logs.");
  }

  @Test
  void beforeABarrierAllEarlierUpdatesAreMade() {
    runTo(0, BARRIER_STEPS);
    CompletableFuture<StepInputs> beyond = forward(0, 2);
    assertThat(beyond).isNotDone();
    forward(1, 0);
    backward(1, 0);
    forward(1, 1);
    CompletableFuture<StepInputs> ahead = forward(1, 2);
    assertThat(barriers).isEmpty();
    backward(1, 1);
    assertThat(barriers).containsExactly(2L);
    assertThat(beyond).isCompleted();
    assertThat(ahead).isCompleted();
  }

  private void runTo(int worker, long step) {
    for (long s = 0; s < step; s++) {
      forward(worker, s);
      backward(worker, s);
    }
  }

  @Test
  void aWorkerThatHasLeftIsNotWaitedForAtABarrier() {
    runTo(0, BARRIER_STEPS);
    forward(1, 0);
    CompletableFuture<StepInputs> beyond = forward(0, 2);
    window.leave(1, 1);
    assertThat(beyond).isNotDone();
    backward(1, 0);
    assertThat(beyond).isCompleted();
    assertThat(barriers).containsExactly(2L);
    assertThatThrownBy(() -> forward(1, 1))
        .hasMessage("Cannot run step 1 for worker 1: it left before step 1.");
    assertThatThrownBy(() -> window.leave(0, 2))
        .hasMessage(
            "Cannot run step 2 for worker 0: it wants to leave before it, but has taken part in it.");
  }

  @Test
  void aWorkerThatDoesNotComeToTheBarrierFailsTheTraining() {
    runTo(0, BARRIER_STEPS);
    CompletableFuture<StepInputs> beyond = forward(0, 2);
    timer.expire();
    assertThat(beyond).isCompletedExceptionally();
    assertThatThrownBy(() -> forward(1, 0))
        .hasMessage(
            "Cannot run step 0: worker 1 did not come to the checkpoint within 500 ms. See their"
                + " logs.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.WINDOW_TIMED_OUT);
  }

  @Test
  void retriesHaveTheSameAnswers() {
    CompletableFuture<StepInputs> first = forward(0, 0);
    assertThat(forward(0, 0)).isSameAs(first);
    CompletableFuture<Void> update = backward(0, 0);
    assertThat(backward(0, 0)).isSameAs(update);
    forward(0, 1);
    assertThat(backward(0, 0)).isSameAs(update);
    assertThat(computation.log).hasSize(3);
    assertThatThrownBy(() -> forward(0, 0))
        .hasMessage("Cannot run step 0 for worker 0: the server is at step 1.");
    assertThatThrownBy(() -> forward(0, 4))
        .hasMessage("Cannot run step 4 for worker 0: the server is at step 1.");
    assertThatThrownBy(() -> backward(0, 2))
        .hasMessage("Cannot run step 2 for worker 0: it sent gradients before it was answered.");
    assertThatThrownBy(() -> window.join(0))
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STALE_EPOCH);
  }

  @Test
  void aFailedUpdateFailsAll() {
    computation.update =
        CompletableFuture.failedFuture(
            new DicmException(ErrorCode.SERVICE_UNAVAILABLE, "Cannot reach server 1."));
    forward(0, 0);
    forward(1, 0);
    assertThat(backward(0, 0)).isCompletedExceptionally();
    assertThatThrownBy(() -> backward(1, 0)).hasMessage("Cannot reach server 1.");
    assertThat(computation.openSteps).isZero();
  }
}
