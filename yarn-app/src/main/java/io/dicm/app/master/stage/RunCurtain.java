package io.dicm.app.master.stage;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a run that is registered out of Hive's views before its outputs are replaced one after the
 * other: nobody is to see half of the old and half of the new, or what no gate has let through.
 * Registering it shows it again. Where Hive does not answer the stage runs all the same. For one
 * thread.
 */
final class RunCurtain {
  private static final Logger LOG = LoggerFactory.getLogger(RunCurtain.class);

  /** Those whose outputs are a run's partitions. */
  private static final Set<StageName> REPLACING =
      EnumSet.of(StageName.PREDICT, StageName.EVALUATE, StageName.PUBLISH);

  /** Takes a run out of the views. */
  @FunctionalInterface
  interface Hiding {
    /**
     * Hides the run.
     *
     * @return whether it was registered
     */
    boolean hide();
  }

  private final Optional<Hiding> hiding;
  private boolean drawn;

  /**
   * @param hiding nothing without Hive
   */
  RunCurtain(Optional<Hiding> hiding) {
    this.hiding = hiding;
  }

  /** To be told before each stage. */
  void before(StageName stage) {
    if (drawn || hiding.isEmpty() || !REPLACING.contains(stage)) {
      return;
    }
    drawn = true;
    try {
      if (hiding.get().hide()) {
        LOG.warn("The registered run of this name is hidden until it is registered again");
      }
    } catch (DicmException e) {
      LOG.warn("An earlier run of this name stays in sight while it is replaced: {}", e.oneLine());
    }
  }
}
