package io.dicm.app.master.stage;

import io.dicm.app.launch.GangTimes;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.launch.ContainerLauncher;
import io.dicm.app.master.membership.MasterServer;
import io.dicm.app.master.membership.MasterService;
import io.dicm.app.master.recovery.RunJournal;
import io.dicm.app.master.rm.ResourceManagerSession;
import io.dicm.app.master.stop.StopRequest;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.hive.HiveRegistrar;
import io.dicm.hive.JdbcHiveSessions;
import java.util.List;
import java.util.Optional;

/** Makes the stages that an application runs. */
public final class Stages {
  private final StageContext context;
  private final GangRunner gangs;
  private final RunJournal journal;
  private final RestartBudget budget;
  private final MemoryGrowth growth;
  private final StopRequest stop;

  public Stages(
      DicmConfiguration conf,
      PipelineSettings settings,
      RunHistory history,
      RunJournal journal,
      StopRequest stop,
      ResourceManagerSession resourceManager,
      ContainerLauncher launcher,
      MasterService service,
      MasterServer server) {
    this.context = new StageContext(conf, settings, history);
    this.journal = journal;
    this.stop = stop;
    this.budget = RestartBudget.of(conf, journal.countedRestartsMs());
    this.growth = MemoryGrowth.of(conf, resourceManager.largestContainerMb());
    this.gangs =
        new GangRunner(
            resourceManager,
            launcher,
            service,
            server,
            GangTimes.of(conf),
            history,
            ContainerLogLinks.of(conf.hadoop(), history.user()));
  }

  /** Those of the settings, ready to run. */
  public StageRunner runner() {
    List<Stage> stages = context.settings().stages().stream().map(this::stage).toList();
    return new StageRunner(
        stages, context.history(), journal, new RunCurtain(hiding())::before, stop);
  }

  private Optional<RunCurtain.Hiding> hiding() {
    DicmConfiguration conf = context.conf();
    if (conf.text(DicmKeys.HIVE_JDBC_URL).isEmpty()) {
      return Optional.empty();
    }
    PipelineSettings settings = context.settings();
    HiveRegistrar registrar =
        new HiveRegistrar(
            context.hadoop(), JdbcHiveSessions.of(conf), conf.required(DicmKeys.HIVE_DATABASE));
    return Optional.of(() -> registrar.hide(settings.date(), settings.run()));
  }

  private Stage stage(StageName name) {
    return switch (name) {
      case EXTRACT -> new ExtractStage(context);
      case SAMPLES -> new SamplesStage(context);
      case TRAIN -> new TrainStage(context, gangs, journal, budget, growth, stop);
      case PREDICT -> new PredictStage(context, gangs, journal, budget, growth);
      case EVALUATE -> new EvaluateStage(context);
      case PUBLISH -> new PublishStage(context);
      case REGISTER -> new RegisterStage(context);
    };
  }
}
