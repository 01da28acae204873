package io.dicm.app.master.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestStopRequest {
  private final StopRequest request = new StopRequest(Thread.currentThread());

  @AfterEach
  void noInterruptIsLeft() {
    boolean unused = Thread.interrupted();
  }

  @Test
  void onlyWhatIsOpenIsInterrupted() throws Exception {
    try (StopRequest.Scope open = request.open()) {
      request.ask();
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
    assertThat(Thread.currentThread().isInterrupted()).as("what comes after it").isFalse();

    StopRequest other = new StopRequest(Thread.currentThread());
    other.ask();
    assertThat(Thread.currentThread().isInterrupted()).as("what was never open").isFalse();
  }

  @Test
  void nothingBeginsThatIsAskedToEnd() {
    request.ask();

    assertThatThrownBy(request::open)
        .isInstanceOf(InterruptedException.class)
        .hasMessage("It was stopped on request before its stages.");
    assertThat(request.answer()).isEqualTo("It was stopped on request before its stages.");
  }

  @Test
  void whoAttendsIsNotInterruptedAndLaterPartsAreAgain() throws Exception {
    try (StopRequest.Scope open = request.open()) {
      StopRequest.Scope attendance = request.attend();
      attendance.close();
      request.ask();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void requestDuringAttendanceIsAskedForAfterIt() throws Exception {
    try (StopRequest.Scope open = request.open()) {
      try (StopRequest.Scope attendance = request.attend()) {
        request.ask();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
      }
      assertThatThrownBy(() -> request.endIfAsked("before stage predict"))
          .isInstanceOf(InterruptedException.class)
          .hasMessage("It was stopped on request before stage predict.");
    }
  }

  @Test
  void lossOfTheMasterInterruptsWhateverItDoes() throws Exception {
    request.ask();
    request.lose();
    StopRequest.Scope attendance = request.attend();

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    attendance.close();
    assertThat(request.isLost()).isTrue();
  }
}
