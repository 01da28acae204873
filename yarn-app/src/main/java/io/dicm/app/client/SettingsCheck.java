package io.dicm.app.client;

import io.dicm.ams.wire.RowPrecision;
import io.dicm.app.container.ImageControlSettings;
import io.dicm.app.container.ServerSettings;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.GangTimes;
import io.dicm.app.launch.Role;
import io.dicm.app.launch.RoleRuntimes;
import io.dicm.app.master.checkpoint.CheckpointSettings;
import io.dicm.app.master.checkpoint.WarmStart;
import io.dicm.app.master.rm.NodeFailures;
import io.dicm.app.master.stage.MemoryGrowth;
import io.dicm.app.master.stage.RestartBudget;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.PredictionPlan;
import io.dicm.app.pipeline.RunSamples;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.process.JavaOptions;
import io.dicm.feature.device.DeviceRequest;
import io.dicm.feature.device.TorchBuild;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.job.ExtractJob;
import io.dicm.hive.HiveRegistrar;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.hive.StatisticsKind;
import io.dicm.trainer.evaluate.EvaluateJob;
import io.dicm.trainer.lease.LeaseSize;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.samplejob.SamplesJob;
import io.dicm.trainer.train.TrainingOptions;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes on the client what the stages will make of the configuration on the cluster, so that a
 * wrong value is said at once and not after the stages before.
 */
final class SettingsCheck {

  private final DicmConfiguration conf;
  private final PipelineSettings settings;
  private final boolean cudaBuild;

  SettingsCheck(DicmConfiguration conf, PipelineSettings settings) {
    this(conf, settings, TorchBuild.hasCuda());
  }

  /**
   * @param cudaBuild whether {@code dicm.jar} has libtorch for CUDA
   */
  SettingsCheck(DicmConfiguration conf, PipelineSettings settings, boolean cudaBuild) {
    this.conf = conf;
    this.settings = settings;
    this.cudaBuild = cudaBuild;
  }

  /**
   * Checks what the stages to run will read.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} with key, value and range
   */
  void check() {
    SubmissionOptions.of(conf);
    SubmissionKey.of(conf, settings);
    JavaOptions.of(conf.hadoop());
    RoleRuntimes.jdkArchives(conf.hadoop());
    checkRenewal();
    SubmissionRecords.kept(conf);
    ApplicationFollower.startLimit(conf);
    GangTimes.of(conf);
    boolean unused = ContainerSettings.asksForGpus(conf);
    checkDevices();
    RunSamples.checkSettings(conf, settings);
    if (settings.runs(StageName.EXTRACT)) {
      checkExtraction();
    }
    if (settings.runs(StageName.SAMPLES)) {
      SamplesJob.checkSettings(conf.hadoop());
    }
    if (settings.runs(StageName.TRAIN)) {
      checkTraining();
    }
    if (settings.runs(StageName.EVALUATE)) {
      EvaluateJob.checkSettings(conf.hadoop());
    }
    if (settings.runs(StageName.PREDICT)) {
      PredictionPlan.of(conf, settings);
      LeaseSize.of(conf, ContainerSettings.count(conf, DicmKeys.TRAIN_WORKERS));
      ContainerSettings.batchSize(conf);
      ContainerSettings.threads(conf);
    }
    if (settings.runs(StageName.REGISTER) && !conf.text(DicmKeys.HIVE_JDBC_URL).isEmpty()) {
      checkRegistration();
    }
  }

  private void checkDevices() {
    for (Role role : Role.values()) {
      StageName stage = role == Role.PREDICTOR ? StageName.PREDICT : StageName.TRAIN;
      DeviceRequest request = ContainerSettings.device(conf, role);
      if (settings.runs(stage)) {
        request.check(cudaBuild);
      }
    }
  }

  private void checkRenewal() {
    if (!conf.flag(DicmKeys.SECURITY_RENEW_BY_KEYTAB)) {
      return;
    }
    if (conf.text(DicmKeys.SECURITY_KEYTAB).isEmpty()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "%s was true and %s is empty: set it, and %s."
              .formatted(
                  DicmKeys.SECURITY_RENEW_BY_KEYTAB,
                  DicmKeys.SECURITY_KEYTAB,
                  DicmKeys.SECURITY_PRINCIPAL));
    }
    if (!conf.flag(DicmKeys.SECURITY_TLS)) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "%s was true and %s was false: new tokens would go to the containers for everybody to read. Set both."
              .formatted(DicmKeys.SECURITY_RENEW_BY_KEYTAB, DicmKeys.SECURITY_TLS));
    }
  }

  private void checkExtraction() {
    Configuration application = new Configuration(conf.hadoop());
    settings.addTo(application);
    new ExtractJob(application);
    EncoderProviders.configured(application);
    conf.longInteger(DicmKeys.EXTRACT_SEED);
  }

  private void checkTraining() {
    int servers = ContainerSettings.count(conf, DicmKeys.TRAIN_SERVERS);
    int workers = ContainerSettings.count(conf, DicmKeys.TRAIN_WORKERS);
    ServerSettings.of(conf, 0, servers, workers, 1, "");
    CheckpointSettings.of(conf);
    IncrementalRun.checkSettings(conf);
    RestartBudget.of(conf, List.of());
    MemoryGrowth.factor(conf);
    NodeFailures.most(conf);
    WarmStart.checkSettings(conf);
    TrainingOptions.of(conf, 0, workers, 0);
    NetworkChoice.of(conf);
    ImageControlSettings.kind(conf);
    conf.choice(DicmKeys.TRAIN_ROW_PRECISION, RowPrecision.class);
    ShuffleOptions.of(conf);
    LeaseSize.of(conf, workers);
  }

  private void checkRegistration() {
    new HiveRegistrar(
        conf.hadoop(), JdbcHiveSessions.of(conf), conf.required(DicmKeys.HIVE_DATABASE));
    conf.choice(DicmKeys.HIVE_STATISTICS, StatisticsKind.class);
  }
}
