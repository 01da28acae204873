package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.master.membership.Recovery;
import org.junit.jupiter.api.Test;

class TestRestartBudget {
  @Test
  void whatCannotBeMendedIsNotTriedAgain() {
    assertThat(new RestartBudget(3).take(Recovery.NONE, 0)).isFalse();
  }

  @Test
  void restartsAreCounted() {
    RestartBudget budget = new RestartBudget(2);
    assertThat(budget.take(Recovery.RESTART, 0)).isTrue();
    assertThat(budget.take(Recovery.RESTART, 100)).isTrue();
    assertThat(budget.take(Recovery.RESTART, 200)).isFalse();
    assertThat(new RestartBudget(0).take(Recovery.RESTART, 0)).isFalse();
  }

  @Test
  void whatTheClusterTakesAwayDoesNotCount() {
    RestartBudget budget = new RestartBudget(1);
    for (int i = 0; i < RestartBudget.MOST_FREE_IN_A_ROW; i++) {
      assertThat(budget.take(Recovery.FREE_RESTART, 0)).isTrue();
    }
    assertThat(budget.take(Recovery.RESTART, 0)).isTrue();
    assertThat(budget.take(Recovery.RESTART, 0)).isFalse();
  }

  @Test
  void butNotForEverWithoutANewerCheckpoint() {
    RestartBudget budget = new RestartBudget(1);
    for (int i = 0; i < RestartBudget.MOST_FREE_IN_A_ROW; i++) {
      assertThat(budget.take(Recovery.FREE_RESTART, 100)).isTrue();
    }
    assertThat(budget.take(Recovery.FREE_RESTART, 100)).isFalse();
  }

  @Test
  void aNewerCheckpointBeginsTheCountAnew() {
    RestartBudget budget = new RestartBudget(0);
    for (int step = 0; step < 5 * RestartBudget.MOST_FREE_IN_A_ROW; step++) {
      assertThat(budget.take(Recovery.FREE_RESTART, step)).isTrue();
    }
  }
}
