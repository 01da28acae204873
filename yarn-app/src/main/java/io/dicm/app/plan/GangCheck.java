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
 * bound by memory, since schedulers may not count cores, as if nothing else ran. What passes may
 * still have to wait.
 */
public record GangCheck(DicmConfiguration conf, PipelineSettings settings) {
  private static final String NO_LABEL = "";

  private record Part(String what, int count, long memoryMb) {
    @Override
    public String toString() {
      return "%d %s%s of %d MiB".formatted(count, what, count == 1 ? "" : "s", memoryMb);
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
              part("server", DicmKeys.TRAIN_SERVERS, DicmKeys.YARN_SERVER_MEMORY_MB),
              part("worker", DicmKeys.TRAIN_WORKERS, DicmKeys.YARN_WORKER_MEMORY_MB)),
          nodes,
          queue);
    }
    if (settings.runs(StageName.PREDICT)) {
      check(
          "prediction",
          List.of(part("predictor", DicmKeys.TRAIN_WORKERS, DicmKeys.YARN_PREDICTOR_MEMORY_MB)),
          nodes,
          queue);
    }
  }

  private void check(String stage, List<Part> gang, List<NodeReport> nodes, QueueInfo queue) {
    List<Part> all = new ArrayList<>(gang);
    all.add(new Part("master", 1, memoryMb(DicmKeys.YARN_MASTER_MEMORY_MB)));
    long askedMb = all.stream().mapToLong(part -> part.count * part.memoryMb).sum();
    long clusterMb = nodes.stream().mapToLong(node -> node.getCapability().getMemorySize()).sum();
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
    for (Part part : all) {
      long places =
          nodes.stream()
              .mapToLong(node -> node.getCapability().getMemorySize() / part.memoryMb)
              .sum();
      if (part.count > places) {
        throw tooLarge(
            asked, "the cluster's nodes have room for %d %ss".formatted(places, part.what));
      }
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

  private Part part(String what, String countKey, String memoryKey) {
    return new Part(what, ContainerSettings.count(conf, countKey), memoryMb(memoryKey));
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
