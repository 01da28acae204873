package io.dicm.app.master.stage;

import io.dicm.app.master.history.RunFiles;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import io.dicm.hive.HiveRegistrar;
import io.dicm.hive.HiveTable;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.hive.Registration;
import io.dicm.hive.RegistrationResult;
import io.dicm.hive.TablePartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Published outputs to partitions of Hive's tables: all that the run has, or nothing. */
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
    // The run's own table has a row for each stage so far; the last one's is added at the end.
    new RunFiles(context.hadoop())
        .publish(
            context.history().snapshot(),
            settings.workspace().runs(settings.date(), settings.run()));
    String extractorId = context.extractorId();
    HiveRegistrar registrar =
        new HiveRegistrar(
            context.hadoop(),
            JdbcHiveSessions.of(context.conf()),
            context.conf().required(DicmKeys.HIVE_DATABASE));
    RegistrationResult result =
        registrar.register(
            new Registration(settings.workspace().root(), extractorId, complete(extractorId)));
    return StageResult.done(
        "%d partitions added, %d moved, %d there before"
            .formatted(result.added().size(), result.moved().size(), result.unchanged().size()));
  }

  private List<TablePartition> complete(String extractorId) throws IOException {
    String date = context.settings().date();
    String run = context.settings().run();
    Workspace workspace = context.settings().workspace();
    List<TablePartition> complete = new ArrayList<>();
    for (TablePartition partition :
        Registration.ofRun(workspace, extractorId, date, run).partitions()) {
      if (partition.table() == HiveTable.RUNS || isComplete(partition.location())) {
        complete.add(partition);
      }
    }
    return complete;
  }

  private boolean isComplete(Path location) throws IOException {
    return DirectoryPublisher.isComplete(context.hadoop(), location);
  }
}
