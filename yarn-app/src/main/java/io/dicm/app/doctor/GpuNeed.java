package io.dicm.app.doctor;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.NodeLabels;
import io.dicm.app.launch.Role;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.DeviceChoice;
import io.dicm.feature.device.DeviceRequest;
import io.dicm.feature.encode.ExtractDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.mapreduce.MRJobConfig;

/**
 * What the configuration says of GPUs for one kind of container.
 *
 * @param stage that asks for them
 * @param request where these containers compute, and how many GPUs each asks for
 * @param atOnce GPUs that have to be there at a time; of map tasks, which wait for each other,
 *     those of one
 * @param label of the nodes that are asked for; empty: the queue's own
 */
record GpuNeed(StageName stage, DeviceRequest request, long atOnce, String label) {
  /**
   * Of all kinds that a run has.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} with key, value and range
   */
  static List<GpuNeed> of(DicmConfiguration conf, PipelineSettings settings) {
    List<GpuNeed> needs = new ArrayList<>();
    if (settings.runs(StageName.EXTRACT)) {
      DeviceRequest request = ExtractDevice.asked(conf);
      needs.add(new GpuNeed(StageName.EXTRACT, request, request.gpus(), mapLabel(conf)));
    }
    if (settings.runs(StageName.TRAIN)) {
      needs.add(of(conf, StageName.TRAIN, Role.SERVER, DicmKeys.TRAIN_SERVERS));
      needs.add(of(conf, StageName.TRAIN, Role.WORKER, DicmKeys.TRAIN_WORKERS));
    }
    if (settings.runs(StageName.PREDICT)) {
      needs.add(of(conf, StageName.PREDICT, Role.PREDICTOR, DicmKeys.TRAIN_WORKERS));
    }
    return needs;
  }

  private static GpuNeed of(DicmConfiguration conf, StageName stage, Role role, String countKey) {
    DeviceRequest request = ContainerSettings.device(conf, role);
    return new GpuNeed(
        stage,
        request,
        (long) request.gpus() * ContainerSettings.count(conf, countKey),
        NodeLabels.of(conf.hadoop(), role));
  }

  private static String mapLabel(DicmConfiguration conf) {
    String ofJob = conf.hadoop().getTrimmed(MRJobConfig.JOB_NODE_LABEL_EXP, "");
    return conf.hadoop().getTrimmed(MRJobConfig.MAP_NODE_LABEL_EXP, ofJob);
  }

  /** Whether its containers fail where they cannot compute on a GPU. */
  boolean mustHaveGpu() {
    return request.choice() == DeviceChoice.CUDA;
  }

  /** The first of which the containers fail without a GPU. */
  static Optional<GpuNeed> firstMust(List<GpuNeed> needs) {
    return needs.stream().filter(GpuNeed::mustHaveGpu).findFirst();
  }

  /** The first that asks YARN for GPUs and may use them. */
  static Optional<GpuNeed> firstMay(List<GpuNeed> needs) {
    return needs.stream().filter(need -> need.request.mayUseGpu()).findFirst();
  }
}
