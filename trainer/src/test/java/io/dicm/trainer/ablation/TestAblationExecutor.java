package io.dicm.trainer.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TestAblationExecutor {
  private final List<String> shown = new ArrayList<>();
  private final Doubles runner = new Doubles();

  /** A run waits here until another's failure is known. */
  private final CyclicBarrier untilFailure = new CyclicBarrier(2);

  /** Does nothing, fails, or waits for another. */
  private static final class Doubles implements AblationRunner {
    final Set<String> done = ConcurrentHashMap.newKeySet();
    final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    final Map<String, Exception> failures = new ConcurrentHashMap<>();
    final Map<String, CyclicBarrier> together = new ConcurrentHashMap<>();

    @Override
    public boolean isDone(PlannedRun run) {
      return done.contains(run.name());
    }

    @Override
    public void run(PlannedRun run) throws Exception {
      assertThat(done).containsAll(run.after());
      ran.add(run.name());
      if (together.containsKey(run.name())) {
        together.get(run.name()).await(30, TimeUnit.SECONDS);
      }
      if (failures.containsKey(run.name())) {
        throw failures.get(run.name());
      }
      done.add(run.name());
    }
  }

  @Test
  void runsComeAfterThoseThatTheyNeed() throws Exception {
    execute(1, run("a", "b"), run("b", "c"), run("c"));

    assertThat(runner.ran).containsExactly("c", "b", "a");
    assertThat(shown)
        .containsExactly("started c", "done c", "started b", "done b", "started a", "done a");
  }

  @Test
  void whatIsDoneIsNotRunAgain() throws Exception {
    runner.done.addAll(Set.of("a", "b"));

    execute(2, run("a"), run("b", "a"), run("c", "b"));

    assertThat(runner.ran).containsExactly("c");
    assertThat(shown).containsExactly("skipped a", "skipped b", "started c", "done c");
  }

  @Test
  void someRunAtATimeAndNoMore() throws Exception {
    CyclicBarrier pair = new CyclicBarrier(2);
    runner.together.put("a", pair);
    runner.together.put("b", pair);

    execute(2, run("a"), run("b"), run("c"));

    assertThat(runner.ran).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(shown.subList(0, 3)).doesNotContain("started c");
  }

  @Test
  void afterAFailureNothingIsStartedAndTheOthersEnd() {
    runner.together.put("b", untilFailure);
    runner.failures.put(
        "a", new DicmException(ErrorCode.TRAINING_DIVERGED, "Cannot train: not finite."));

    assertThatThrownBy(() -> execute(2, run("a"), run("b"), run("c"), run("d", "a")))
        .hasMessage("Cannot train: not finite.")
        .isInstanceOf(DicmException.class);

    assertThat(runner.ran).containsExactlyInAnyOrder("a", "b");
    assertThat(shown).containsExactly("started a", "started b", "failed a", "done b");
  }

  @Test
  void theNextCallGoesOn() throws Exception {
    runner.failures.put("b", new DicmException(ErrorCode.KILLED, "It was killed."));
    assertThatThrownBy(() -> execute(1, run("a"), run("b"), run("c"))).hasMessage("It was killed.");
    runner.failures.clear();
    runner.ran.clear();

    execute(1, run("a"), run("b"), run("c"));

    assertThat(runner.ran).containsExactly("b", "c");
  }

  @Test
  void planWithACircleIsADefect() {
    assertThatThrownBy(() -> execute(1, run("a", "b"), run("b", "a")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not planned");
  }

  private void execute(int concurrent, PlannedRun... runs) throws Exception {
    AblationProgress progress =
        new AblationProgress() {
          @Override
          public void started(PlannedRun run) {
            shown.add("started " + run.name());
          }

          @Override
          public void skipped(PlannedRun run) {
            shown.add("skipped " + run.name());
          }

          @Override
          public void done(PlannedRun run) {
            shown.add("done " + run.name());
          }

          @Override
          public void failed(PlannedRun run, Throwable cause) {
            shown.add("failed " + run.name());
            if (runner.together.containsValue(untilFailure)) {
              meet();
            }
          }
        };
    new AblationExecutor(runner, progress, concurrent).run(List.of(runs));
  }

  private void meet() {
    try {
      untilFailure.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static PlannedRun run(String name, String... after) {
    return new PlannedRun(name, PlannedRun.Work.TRAIN, name, 1, Map.of(), List.of(after));
  }
}
