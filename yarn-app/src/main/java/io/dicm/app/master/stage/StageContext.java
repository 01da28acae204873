package io.dicm.app.master.stage;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.Role;
import io.dicm.app.master.history.RoleMemory;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.RunSamples;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What all stages share.
 *
 * @param conf the application's configuration
 * @param settings what the application does
 * @param history of the run
 */
record StageContext(DicmConfiguration conf, PipelineSettings settings, RunHistory history) {
  Configuration hadoop() {
    return conf.hadoop();
  }

  /**
   * The samples directory of {@link RunSamples}, the one above {@code train/} and {@code test/}.
   */
  Path samples() {
    return RunSamples.directory(conf, settings);
  }

  /** The features, as the input describes them. */
  FeatureSchema schema() {
    return FeatureSchema.read(hadoop(), new InputLayout(settings.input()).features());
  }

  /** The configured extractor. */
  ExtractorDescription extractor() throws IOException {
    return EncoderProviders.configured(hadoop()).describe(hadoop());
  }

  /** The configured extractor's ID. */
  String extractorId() throws IOException {
    return extractor().extractorId();
  }

  /** Runs MapReduce jobs and keeps what their tasks used. */
  JobRunner jobs(String stage) {
    return new JobRunner(
        hadoop(),
        memory ->
            history.used(
                RoleMemory.of(
                    stage + " " + memory.tasks(), memory.requestedMb(), memory.peakBytes())));
  }

  /** Containers of a role, as configured. */
  RoleRequest request(Role role, String countKey, String memoryKey, String vcoresKey) {
    return new RoleRequest(
        role,
        ContainerSettings.count(conf, countKey),
        ContainerSettings.memory(conf, role.label(), memoryKey),
        ContainerSettings.vcores(conf, vcoresKey),
        ContainerSettings.gpus(conf, ContainerSettings.gpusKey(role)));
  }

  /** Compute threads of a container of ours. */
  int threads() {
    return ContainerSettings.threads(conf);
  }
}
