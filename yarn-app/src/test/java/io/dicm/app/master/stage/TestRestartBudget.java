package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.master.membership.Recovery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TestRestartBudget {
  @Test
  void whatCannotBeMendedIsNotTriedAgain() {
    assertThat(budget(3).take(Recovery.NONE, 0)).isFalse();
  }

  @Test
  void restartsAreCounted() {
    RestartBudget budget = budget(2);
    assertThat(budget.take(Recovery.RESTART, 0)).isTrue();
    assertThat(budget.take(Recovery.RESTART, 100)).isTrue();
    assertThat(budget.take(Recovery.RESTART, 200)).isFalse();
    assertThat(budget(0).take(Recovery.RESTART, 0)).isFalse();
  }

  @Test
  void whatTheClusterTakesAwayDoesNotCount() {
    RestartBudget budget = budget(1);
    for (int i = 0; i < RestartBudget.MOST_FREE_IN_A_ROW; i++) {
      assertThat(budget.take(Recovery.FREE_RESTART, 0)).isTrue();
    }
    assertThat(budget.take(Recovery.RESTART, 0)).isTrue();
    assertThat(budget.take(Recovery.RESTART, 0)).isFalse();
  }

  @Test
  void butNotForEverWithoutANewerCheckpoint() {
    RestartBudget budget = budget(1);
    for (int i = 0; i < RestartBudget.MOST_FREE_IN_A_ROW; i++) {
      assertThat(budget.take(Recovery.FREE_RESTART, 100)).isTrue();
    }
    assertThat(budget.take(Recovery.FREE_RESTART, 100)).isFalse();
  }

  @Test
  void aNewerCheckpointBeginsTheCountAnew() {
    RestartBudget budget = budget(0);
    for (int step = 0; step < 5 * RestartBudget.MOST_FREE_IN_A_ROW; step++) {
      assertThat(budget.take(Recovery.FREE_RESTART, step)).isTrue();
    }
  }

  @Test
  void onlyRestartsOfTheLastWhileCountWhereThereIsAWindow() {
    AtomicLong nowMs = new AtomicLong(1_000_000);
    RestartBudget budget = new RestartBudget(2, Duration.ofSeconds(60), nowMs::get, List.of());
    assertThat(budget.take(Recovery.RESTART, 0)).isTrue();
    nowMs.addAndGet(50_000);
    assertThat(budget.take(Recovery.RESTART, 0)).isTrue();
    assertThat(budget.take(Recovery.RESTART, 0)).isFalse();

    nowMs.addAndGet(11_000);

    assertThat(budget.take(Recovery.RESTART, 0)).as("the first is 61 s ago").isTrue();
    assertThat(budget.countedMs()).containsExactly(1_050_000L, 1_061_000L);
  }

  @Test
  void whatAnEarlierAttemptOfTheMasterHasSpentIsSpent() {
    RestartBudget budget = new RestartBudget(2, Duration.ZERO, () -> 900, List.of(100L));

    assertThat(budget.take(Recovery.RESTART, 0)).isTrue();
    assertThat(budget.take(Recovery.RESTART, 0)).isFalse();
    assertThat(budget.countedMs()).containsExactly(100L, 900L);
  }

  @Test
  void aPredictionHasItsOwnFreeRestarts() {
    RestartBudget budget = budget(0);
    for (int i = 0; i < RestartBudget.MOST_FREE_IN_A_ROW; i++) {
      assertThat(budget.take(Recovery.FREE_RESTART, 100)).isTrue();
    }
    for (int i = 0; i < RestartBudget.MOST_FREE_IN_A_ROW; i++) {
      assertThat(budget.take(Recovery.FREE_RESTART, Restarts.NO_STEP)).isTrue();
    }
    assertThat(budget.take(Recovery.FREE_RESTART, Restarts.NO_STEP)).isFalse();
  }

  private static RestartBudget budget(int restarts) {
    return new RestartBudget(restarts, Duration.ZERO, () -> 0, List.of());
  }
}
