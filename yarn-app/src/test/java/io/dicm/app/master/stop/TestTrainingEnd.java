package io.dicm.app.master.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestTrainingEnd {
  private final AtomicLong nanos = new AtomicLong();
  private final StopRequest request = new StopRequest(Thread.currentThread());
  private final TrainingEnd end =
      new TrainingEnd(
          request, Duration.ofSeconds(60), nanos::get, steps -> "/checkpoints/" + steps);

  @AfterEach
  void noInterruptIsLeft() {
    boolean unused = Thread.interrupted();
  }

  @Test
  void trainingGoesOnUntilItIsAsked() {
    assertThatCode(
            () -> {
              end.check(OptionalLong.of(10));
              end.check(OptionalLong.of(20));
            })
        .doesNotThrowAnyException();
  }

  @Test
  void endsWithTheFirstCheckpointAfterTheRequest() throws Exception {
    try (end) {
      end.check(OptionalLong.of(10));
      request.ask();
      end.check(OptionalLong.of(20));
      end.check(OptionalLong.of(20));

      assertThatThrownBy(() -> end.check(OptionalLong.of(30)))
          .isInstanceOf(InterruptedException.class)
          .hasMessage(
              "The training was stopped on request. Its checkpoint after step 30 is /checkpoints/30: a training begins with it by dicm.train.warm-start.");
    }
    assertThat(Thread.currentThread().isInterrupted()).as("it has answered").isFalse();
  }

  @Test
  void endsWithAnOlderOneAfterTheWait() throws Exception {
    try (end) {
      request.ask();
      end.check(OptionalLong.of(20));
      nanos.set(Duration.ofSeconds(61).toNanos());

      assertThatThrownBy(() -> end.check(OptionalLong.of(20)))
          .isInstanceOf(InterruptedException.class)
          .hasMessageContaining("No checkpoint came within 60 s. Its checkpoint after step 20 is ");
    }
  }

  @Test
  void endsAtOnceWhereThereAreNoCheckpoints() {
    try (end) {
      request.ask();

      assertThatThrownBy(() -> end.check(OptionalLong.empty()))
          .isInstanceOf(InterruptedException.class)
          .hasMessageEndingWith("There are no checkpoints of it.");
    }
  }

  @Test
  void trainingThatEndsBeforeACheckpointSaysSo() throws Exception {
    try (end) {
      end.check(OptionalLong.of(10));
      request.ask();
      end.check(OptionalLong.of(10));
    }

    assertThat(request.answer())
        .isEqualTo(
            "It was stopped on request as its training ended. Its checkpoint after step 10 is /checkpoints/10: a training begins with it by dicm.train.warm-start.");
    assertThatThrownBy(() -> request.endIfAsked("before stage predict"))
        .isInstanceOf(InterruptedException.class)
        .hasMessage(request.answer());
  }
}
