package io.dicm.app.doctor;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.ClusterSize;
import io.dicm.app.plan.ContainerPlan;
import io.dicm.app.plan.ContainerSize;
import io.dicm.app.plan.GangCheck;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.NodeLabel;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** The nodes, the largest container and the GPUs, against what a run asks for. */
record ClusterCheck(YarnClient yarn, Configuration conf, PipelineSettings settings)
    implements Check {
  private static final String CONTAINERS = "containers";

  @Override
  public String what() {
    return "cluster";
  }

  @Override
  public List<Finding> look() throws IOException, YarnException {
    ClusterSize.learnResourceTypes(yarn);
    ClusterSize cluster = ClusterSize.of(yarn);
    boolean grows = !DicmConfiguration.of(conf).flag(DicmKeys.YARN_CHECK_CAPACITY);
    if (cluster.nodes() == 0 && !grows) {
      return List.of(
          Finding.failed(ErrorCode.NO_RESOURCES, what(), "no node runs", "Start a NodeManager."));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            what(),
            "%d nodes, %d MiB, %d vcores, %d GPUs (%s)"
                .formatted(
                    cluster.nodes(),
                    cluster.memoryMb(),
                    cluster.vcores(),
                    cluster.gpus(),
                    ContainerSize.GPU)));
    ContainerPlan plan = ContainerPlan.of(DicmConfiguration.of(conf), settings);
    ContainerSize largest =
        ContainerSize.of(
            yarn.createApplication().getNewApplicationResponse().getMaximumResourceCapability());
    findings.add(fit(CONTAINERS, () -> plan.requireEachFits(largest), words(largest)));
    List<NodeReport> nodes = yarn.getNodeReports(NodeState.RUNNING);
    QueueInfo queue = queue().orElse(null);
    if (!grows && (settings.runs(StageName.TRAIN) || settings.runs(StageName.PREDICT))) {
      GangCheck gang = new GangCheck(DicmConfiguration.of(conf), settings);
      findings.add(
          fit(
              "gang",
              () -> gang.check(nodes, queue),
              "training takes %d MiB of %d MiB at a time"
                  .formatted(plan.memoryMb(StageName.TRAIN), cluster.memoryMb())));
    }
    findings.addAll(
        new GpuCapacity(DicmConfiguration.of(conf), settings)
            .findings(GpuNodes.of(nodes, sharedLabels(nodes)), queue));
    return findings;
  }

  /** None where it cannot be known: not every scheduler knows of labels. */
  private Set<String> sharedLabels(List<NodeReport> nodes) throws IOException {
    boolean labelled =
        nodes.stream()
            .anyMatch(node -> node.getNodeLabels() != null && !node.getNodeLabels().isEmpty());
    if (!labelled) {
      return Set.of();
    }
    try {
      return yarn.getClusterNodeLabels().stream()
          .filter(label -> !label.isExclusive())
          .map(NodeLabel::getName)
          .collect(Collectors.toSet());
    } catch (YarnException e) {
      return Set.of();
    }
  }

  /** Empty for one that is not there, which another check tells. */
  private Optional<QueueInfo> queue() throws IOException {
    try {
      return Optional.ofNullable(yarn.getQueueInfo(conf.get(DicmKeys.YARN_QUEUE)));
    } catch (YarnException e) {
      return Optional.empty();
    }
  }

  private static String words(ContainerSize largest) {
    return "all fit into the largest, %d MiB, %d vcores, %d GPUs"
        .formatted(largest.memoryMb(), largest.vcores(), largest.gpus());
  }

  private static Finding fit(String what, Runnable requirement, String value) {
    try {
      requirement.run();
      return Finding.ok(what, value);
    } catch (DicmException e) {
      return Finding.failed(what, e);
    }
  }
}
