package io.dicm.app.master.stage;

import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.table.ContainerTable;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.RunPartitions;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.progress.ProgressListener;
import io.dicm.hive.HiveFunctions;
import io.dicm.hive.HiveRegistrar;
import io.dicm.hive.HiveSessions;
import io.dicm.hive.HiveStatistics;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.hive.RegistrationResult;
import io.dicm.hive.StatisticsKind;
import java.io.IOException;

/** Published outputs to partitions of Hive's tables: all of a complete run, or nothing. */
record RegisterStage(StageContext context) implements Stage {
  @Override
  public StageName name() {
    return StageName.REGISTER;
  }

  @Override
  public StageResult run(ProgressListener progress) throws IOException {
    if (context.conf().text(DicmKeys.HIVE_JDBC_URL).isEmpty()) {
      return StageResult.skipped("nothing registered: " + DicmKeys.HIVE_JDBC_URL + " is not set");
    }
    PipelineSettings settings = context.settings();
    boolean withFunctions = context.conf().flag(DicmKeys.HIVE_FUNCTIONS);
    RunPartitions partitions = new RunPartitions(context.hadoop(), settings, context.extractorId());
    partitions.requireComplete(stage -> true);
    // The run's own table has a row for each stage so far; the last one's is added at the end.
    RunSnapshot run =
        new RunFiles(context.hadoop())
            .publish(
                context.history().detailed(),
                settings.workspace().runs(settings.date(), settings.run()));
    new ContainerTable(context.hadoop())
        .publish(run, settings.workspace().runContainers(settings.date(), settings.run()));
    HiveSessions sessions = JdbcHiveSessions.of(context.conf());
    String database = context.conf().required(DicmKeys.HIVE_DATABASE);
    RegistrationResult result =
        new HiveRegistrar(context.hadoop(), sessions, database).register(partitions.registration());
    new HiveStatistics(
            sessions,
            database,
            context.conf().choice(DicmKeys.HIVE_STATISTICS, StatisticsKind.class))
        .gather(result);
    if (withFunctions) {
      new HiveFunctions(context.hadoop(), sessions, database).install(settings.workspace().root());
    }
    String done =
        "%d partitions added, %d moved, %d there before"
            .formatted(result.added().size(), result.moved().size(), result.unchanged().size());
    int removed = result.removed().size();
    return StageResult.done(removed == 0 ? done : "%s, %d removed".formatted(done, removed));
  }
}
