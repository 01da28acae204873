package io.dicm.app.master.stage;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.hive.HiveRegistrar;
import io.dicm.hive.JdbcHiveSessions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a run that is registered out of Hive's views before its outputs are replaced one after the
 * other: nobody is to see half of the old and half of the new. Registering it shows it again. For
 * one thread.
 */
final class RunCurtain {
  private static final Logger LOG = LoggerFactory.getLogger(RunCurtain.class);

  /** Those whose outputs are a run's partitions. */
  private static final Set<StageName> REPLACING =
      EnumSet.of(StageName.PREDICT, StageName.EVALUATE, StageName.PUBLISH);

  private final StageContext context;
  private boolean drawn;

  RunCurtain(StageContext context) {
    this.context = context;
  }

  /**
   * To be told before each stage.
   *
   * @throws DicmException {@link io.dicm.common.error.ErrorCode#HIVE_FAILED} when the run will be
   *     registered and cannot be hidden; one that will not may come without Hive
   */
  void before(StageName stage) {
    if (drawn
        || !REPLACING.contains(stage)
        || context.conf().text(DicmKeys.HIVE_JDBC_URL).isEmpty()) {
      return;
    }
    drawn = true;
    PipelineSettings settings = context.settings();
    try {
      new HiveRegistrar(
              context.hadoop(),
              JdbcHiveSessions.of(context.conf()),
              context.conf().required(DicmKeys.HIVE_DATABASE))
          .hide(settings.date(), settings.run());
    } catch (DicmException e) {
      if (settings.runs(StageName.REGISTER)) {
        throw e;
      }
      LOG.warn("An earlier run of this name stays in sight while it is replaced: {}", e.oneLine());
    }
  }
}
