package io.dicm.common.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.hadoop.mapreduce.JobStatus.State;
import org.junit.jupiter.api.Test;

class TestStartDeadline {
  private long nowNanos;

  @Test
  void countsOnlyTheTimeThatAJobWaits() {
    StartDeadline deadline = new StartDeadline(Duration.ofSeconds(10), () -> nowNanos);

    assertThat(after(10, deadline, State.PREP)).isFalse();
    assertThat(after(100, deadline, State.RUNNING)).isFalse();
    assertThat(after(10, deadline, State.PREP)).as("its master is started again").isFalse();
    assertThat(after(1, deadline, State.PREP)).isTrue();
  }

  private boolean after(int seconds, StartDeadline deadline, State state) {
    nowNanos += Duration.ofSeconds(seconds).toNanos();
    return deadline.isPast(state);
  }
}
