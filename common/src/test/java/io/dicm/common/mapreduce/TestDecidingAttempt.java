package io.dicm.common.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskCompletionEvent;
import org.apache.hadoop.mapreduce.TaskCompletionEvent.Status;
import org.apache.hadoop.mapreduce.TaskType;
import org.junit.jupiter.api.Test;

class TestDecidingAttempt {
  @Test
  void isTheOneAfterWhichTheTaskWasGivenUp() {
    assertThat(
            DecidingAttempt.of(
                List.of(
                    event(1, 0, Status.FAILED),
                    event(2, 0, Status.FAILED),
                    event(2, 1, Status.TIPFAILED),
                    event(3, 0, Status.TIPFAILED))))
        .contains(attempt(2, 1));
  }

  @Test
  void isNotOneThatASecondAttemptMadeGood() {
    assertThat(
            DecidingAttempt.of(
                List.of(
                    event(1, 0, Status.FAILED),
                    event(2, 0, Status.FAILED),
                    event(1, 1, Status.SUCCEEDED),
                    event(2, 1, Status.FAILED))))
        .contains(attempt(2, 0));
  }

  @Test
  void isNoneWhenNoTaskFailed() {
    assertThat(
            DecidingAttempt.of(
                List.of(
                    event(1, 0, Status.FAILED),
                    event(1, 1, Status.SUCCEEDED),
                    event(2, 0, Status.KILLED))))
        .isEmpty();
  }

  private static TaskCompletionEvent event(int task, int attempt, Status status) {
    return new TaskCompletionEvent(0, attempt(task, attempt), task, true, status, "");
  }

  private static TaskAttemptID attempt(int task, int attempt) {
    return new TaskAttemptID("cluster", 1, TaskType.MAP, task, attempt);
  }
}
