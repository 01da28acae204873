package io.dicm.app.master.stage;

import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.StageState;
import io.dicm.app.master.recovery.RunJournal;
import io.dicm.app.master.stop.StopRequest;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.StreamFailures;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs stages one after the other; the first that fails is the last that runs. Those that an
 * earlier attempt of the master has done are left out.
 */
public final class StageRunner {
  private static final Logger LOG = LoggerFactory.getLogger(StageRunner.class);

  private final List<Stage> stages;
  private final RunHistory history;
  private final RunJournal journal;
  private final Consumer<StageName> before;
  private final StopRequest stop;

  /**
   * @param stages in order
   * @param journal in which the history is kept whenever a stage begins or has ended well
   * @param stop by which they end before they are done
   * @param before told of each stage before it runs; what it throws fails the stage
   */
  StageRunner(
      List<Stage> stages,
      RunHistory history,
      RunJournal journal,
      Consumer<StageName> before,
      StopRequest stop) {
    this.stages = List.copyOf(stages);
    this.history = history;
    this.journal = journal;
    this.before = before;
    this.stop = stop;
  }

  /**
   * Runs all.
   *
   * @throws DicmException the first failure, which names its stage
   */
  public void run() throws InterruptedException {
    for (Stage stage : stages) {
      stop.endIfAsked("before stage " + stage.name().label());
      if (history.isDone(stage.name())) {
        LOG.info("Stage {} is done already", stage.name().label());
      } else {
        run(stage);
      }
    }
  }

  private void run(Stage stage) throws InterruptedException {
    StageName name = stage.name();
    LOG.info("Stage {} begins", name.label());
    history.started(name);
    try {
      journal.keepIfPossible();
      before.accept(name);
      StageResult result =
          stage.run(
              (done, total, note) ->
                  history.progressed(name, total <= 0 ? 0 : (float) done / total, note));
      history.ended(name, result.state(), result.detail());
      LOG.info("Stage {} {}: {}", name.label(), result.state(), result.detail());
      journal.keepIfPossible();
    } catch (DicmException e) {
      endIfAsked(name, e);
      throw failed(name, e);
    } catch (IOException e) {
      endIfAsked(name, e);
      if (Thread.currentThread().isInterrupted() || e instanceof ClosedByInterruptException) {
        // Ended from outside, in the middle of a file.
        throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
      }
      throw failed(name, storage(e));
    } catch (InterruptedException e) {
      endIfAsked(name, e);
      throw e;
    } catch (RuntimeException e) {
      endIfAsked(name, e);
      throw failed(
          name,
          StreamFailures.reason(e) instanceof IOException hidden
              ? storage(hidden)
              : new DicmException(ErrorCode.INTERNAL, "Unexpected: " + e, e));
    } catch (LinkageError e) {
      throw failed(name, new DicmException(ErrorCode.INTERNAL, "Unexpected: " + e, e));
    }
  }

  /**
   * Libraries make failures of the interrupt by which a request comes. The stage is not said to
   * have failed: another attempt of the master may go on with it.
   */
  private void endIfAsked(StageName name, Throwable consequence) throws InterruptedException {
    if (stop.isAsked()) {
      LOG.info("Stage {} ends on request", name.label(), consequence);
      stop.endIfAsked("in stage " + name.label());
    }
  }

  private DicmException failed(StageName stage, DicmException cause) {
    LOG.error("Stage {} failed", stage.label(), cause);
    history.ended(stage, StageState.FAILED, cause.oneLine());
    return new DicmException(
        cause.code(), "Stage " + stage.label() + ": " + cause.getMessage(), cause);
  }

  private static DicmException storage(IOException e) {
    return new DicmException(
        ErrorCode.STORAGE_FAILED, "Cannot go on: " + firstLine(e.getMessage()), e);
  }

  private static String firstLine(String message) {
    return message == null ? "unknown error" : message.lines().findFirst().orElse("");
  }
}
