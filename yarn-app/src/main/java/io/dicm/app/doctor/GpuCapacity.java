package io.dicm.app.doctor;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.ContainerSize;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.hadoop.yarn.api.records.QueueConfigurations;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.api.records.Resource;

/**
 * The GPUs that the cluster offers, against what each stage asks for at a time on the nodes of its
 * labels. Without GPUs in the configuration it only tells what there is.
 */
record GpuCapacity(DicmConfiguration conf, PipelineSettings settings) {
  private static final String WHAT = "GPUs";

  /** What has to be there together. */
  private record Group(StageName stage, String label) {}

  /**
   * What there is, and whether it is enough for each stage.
   *
   * @param queue null where it is not known: then it may get all
   */
  List<Finding> findings(GpuNodes nodes, QueueInfo queue) {
    Map<Group, Long> asked = new LinkedHashMap<>();
    for (GpuNeed need : GpuNeed.of(conf, settings)) {
      if (need.atOnce() > 0) {
        asked.merge(new Group(need.stage(), label(need, queue)), need.atOnce(), Long::sum);
      }
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(WHAT, nodes.words() + (asked.isEmpty() ? ", the run asks for none" : "")));
    asked.forEach((group, gpus) -> findings.add(finding(group, gpus, nodes, queue)));
    return findings;
  }

  private static String label(GpuNeed need, QueueInfo queue) {
    if (!need.label().isEmpty() || queue == null) {
      return need.label();
    }
    String ofQueue = queue.getDefaultNodeLabelExpression();
    return ofQueue == null ? "" : ofQueue.strip();
  }

  private Finding finding(Group group, long gpus, GpuNodes nodes, QueueInfo queue) {
    long there = nodes.reachable(group.label());
    String asks =
        "%s asks for %d at a time, %s have %d"
            .formatted(group.stage().label(), gpus, nodes.whereIs(group.label()), there);
    if (gpus > there) {
      return tooFew(asks);
    }
    // What a queue gets of labelled nodes that take other containers too is not in its share.
    OptionalLong most =
        group.label().isEmpty() && nodes.sharesLabelled()
            ? OptionalLong.empty()
            : most(queue, group.label());
    if (most.isPresent() && gpus > most.getAsLong()) {
      return Finding.warning(
          WHAT,
          "%s, of which queue '%s' gets at most %d"
              .formatted(asks, queue.getQueueName(), most.getAsLong()),
          "Ask for fewer, or choose another queue by " + DicmKeys.YARN_QUEUE + ".");
    }
    return Finding.ok(WHAT, asks);
  }

  private Finding tooFew(String asks) {
    if (!conf.flag(DicmKeys.YARN_CHECK_CAPACITY)) {
      return Finding.warning(
          WHAT, asks, "It waits until the cluster has grown (dicm.yarn.check-capacity=false).");
    }
    return Finding.failed(
        ErrorCode.NO_RESOURCES,
        WHAT,
        asks,
        "Ask for fewer, or for other nodes (such as dicm.yarn.worker.node-label).");
  }

  /** What a queue can have on nodes of a label, where the scheduler says so. */
  private static OptionalLong most(QueueInfo queue, String label) {
    Map<String, QueueConfigurations> shares = queue == null ? null : queue.getQueueConfigurations();
    QueueConfigurations share = shares == null ? null : shares.get(label);
    Resource most = share == null ? null : share.getEffectiveMaxCapacity();
    return most == null || most.getMemorySize() == 0
        ? OptionalLong.empty()
        : OptionalLong.of(ContainerSize.of(most).gpus());
  }
}
