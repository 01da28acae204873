package io.dicm.app.master.stage;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.Role;
import io.dicm.app.master.history.RoleMemory;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.feature.encode.EncoderProviders;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * What all stages share.
 *
 * @param conf the application's configuration
 * @param settings what the application does
 * @param history of the run
 */
record StageContext(DicmConfiguration conf, PipelineSettings settings, RunHistory history) {
  private static final int MOST_MEMORY_MB = 1 << 24;
  private static final int MOST_CONTAINERS = 10_000;
  private static final int MOST_VCORES = 1024;

  Configuration hadoop() {
    return conf.hadoop();
  }

  /** The configured extractor's ID. */
  String extractorId() throws IOException {
    return EncoderProviders.configured(hadoop()).describe(hadoop()).extractorId();
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
        conf.integer(countKey, 1, MOST_CONTAINERS),
        ContainerMemory.of(
            role.label(),
            conf.integer(memoryKey, 1, MOST_MEMORY_MB),
            conf.number(DicmKeys.YARN_HEAP_FRACTION, 0.05, 0.95)),
        conf.integer(vcoresKey, 1, MOST_VCORES));
  }

  /** Compute threads of a container of ours. */
  int threads() {
    return conf.integer(DicmKeys.TRAIN_THREADS, 1, MOST_VCORES);
  }
}
