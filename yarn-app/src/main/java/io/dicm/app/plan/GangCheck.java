package io.dicm.app.plan;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.NodeLabels;
import io.dicm.app.launch.Role;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.QueueConfigurations;
import org.apache.hadoop.yarn.api.records.QueueInfo;

/**
 * Whether the containers of a training, and of a prediction, can ever be there together: an upper
 * bound by memory and GPUs, since schedulers may not count cores, as if nothing else ran. What
 * passes may still have to wait.
 */
public record GangCheck(DicmConfiguration conf, PipelineSettings settings) {
  private static final String NO_LABEL = "";

  private record Part(String what, int count, long memoryMb, long gpus) {
    /** How many of them a node has room for. */
    long places(ContainerSize node) {
      long byMemory = node.memoryMb() / memoryMb;
      return gpus == 0 ? byMemory : Math.min(byMemory, node.gpus() / gpus);
    }

    @Override
    public String toString() {
      return "%d %s%s of %d MiB%s"
          .formatted(
              count,
              what,
              count == 1 ? "" : "s",
              memoryMb,
              gpus == 0 ? "" : " and " + ContainerSize.gpusInWords(gpus));
    }
  }

  /**
   * Compares with the cluster of now.
   *
   * @param nodes that run
   * @param queue null where it is not known: then it may get all of the cluster
   * @throws DicmException {@link ErrorCode#NO_RESOURCES} with both numbers
   */
  public void check(List<NodeReport> nodes, QueueInfo queue) {
    if (settings.runs(StageName.TRAIN)) {
      check(
          "training",
          List.of(
              part(Role.SERVER, DicmKeys.TRAIN_SERVERS, DicmKeys.YARN_SERVER_MEMORY_MB),
              part(Role.WORKER, DicmKeys.TRAIN_WORKERS, DicmKeys.YARN_WORKER_MEMORY_MB)),
          nodes,
          queue);
    }
    if (settings.runs(StageName.PREDICT)) {
      check(
          "prediction",
          List.of(part(Role.PREDICTOR, DicmKeys.TRAIN_WORKERS, DicmKeys.YARN_PREDICTOR_MEMORY_MB)),
          nodes,
          queue);
    }
  }

  private void check(String stage, List<Part> gang, List<NodeReport> nodes, QueueInfo queue) {
    List<Part> all = new ArrayList<>(gang);
    all.add(new Part("master", 1, memoryMb(DicmKeys.YARN_MASTER_MEMORY_MB), 0));
    long askedMb = all.stream().mapToLong(part -> part.count * part.memoryMb).sum();
    List<ContainerSize> sizes =
        nodes.stream().map(node -> ContainerSize.of(node.getCapability())).toList();
    long clusterMb = sizes.stream().mapToLong(ContainerSize::memoryMb).sum();
    double share = largestShare(queue);
    long queueMb = (long) Math.ceil(clusterMb * share);
    String asked =
        "%s asks for %s, %d MiB together"
            .formatted(
                stage, all.stream().map(Part::toString).collect(Collectors.joining(", ")), askedMb);
    if (askedMb > queueMb) {
      throw tooLarge(
          asked,
          "the cluster's %d nodes have %d MiB%s"
              .formatted(
                  nodes.size(),
                  clusterMb,
                  share < 1
                      ? ", of which queue %s gets at most %d MiB"
                          .formatted(queue.getQueueName(), queueMb)
                      : ""));
    }
    requireGpus(all, asked, sizes);
    for (Part part : all) {
      long places = sizes.stream().mapToLong(part::places).sum();
      if (part.count > places) {
        throw tooLarge(
            asked, "the cluster's nodes have room for %d %ss".formatted(places, part.what));
      }
    }
  }

  private static void requireGpus(List<Part> all, String asked, List<ContainerSize> nodes) {
    long askedGpus = all.stream().mapToLong(part -> part.count * part.gpus).sum();
    long clusterGpus = nodes.stream().mapToLong(ContainerSize::gpus).sum();
    if (askedGpus > clusterGpus) {
      throw tooLarge(
          "%s and %s".formatted(asked, ContainerSize.gpusInWords(askedGpus)),
          "the cluster's %d nodes have %s (%s)"
              .formatted(nodes.size(), ContainerSize.gpusInWords(clusterGpus), ContainerSize.GPU));
    }
  }

  /** Of the whole cluster; 1 where the scheduler does not say, and of labelled nodes. */
  private double largestShare(QueueInfo queue) {
    boolean labelled =
        Arrays.stream(Role.values())
            .anyMatch(role -> !NodeLabels.of(conf.hadoop(), role).isEmpty());
    if (labelled
        || queue == null
        || queue.getQueueConfigurations() == null
        || hasLabel(queue.getDefaultNodeLabelExpression())) {
      return 1;
    }
    QueueConfigurations unlabelled = queue.getQueueConfigurations().get(NO_LABEL);
    double share = unlabelled == null ? 1 : unlabelled.getAbsoluteMaxCapacity();
    return share > 0 && share < 1 ? share : 1;
  }

  private static boolean hasLabel(String expression) {
    return expression != null && !expression.isBlank();
  }

  private Part part(Role role, String countKey, String memoryKey) {
    return new Part(
        role.label(),
        ContainerSettings.count(conf, countKey),
        memoryMb(memoryKey),
        ContainerSettings.gpus(conf, ContainerSettings.gpusKey(role)));
  }

  private int memoryMb(String key) {
    return ContainerSettings.memoryMb(conf, key);
  }

  private static DicmException tooLarge(String asked, String there) {
    return new DicmException(
        ErrorCode.NO_RESOURCES,
        "Cannot submit: %s, and %s. Ask for fewer or smaller containers; on a cluster that grows when asked set %s=false."
            .formatted(asked, there, DicmKeys.YARN_CHECK_CAPACITY));
  }
}
