package io.dicm.app.master.launch;

import io.dicm.app.plan.ContainerSize;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.yarn.api.records.NodeId;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which GPUs of each node the containers of this application hold, for nodes that do not isolate
 * containers: YARN counts GPUs, but does not say there which ones a container has. It begins empty
 * in every attempt of the master, since YARN ends the containers of the one before. Other
 * applications' containers are not known. Safe for use by many threads.
 */
public final class GpuDevices {
  private static final Logger LOG = LoggerFactory.getLogger(GpuDevices.class);

  private final YarnClient yarn;

  /** GPUs of nodes as YARN counts them; 0 where it does not tell. */
  private final Map<NodeId, Long> counts = new HashMap<>();

  /** IDs of the containers that hold devices, by ordinal, by node. */
  private final Map<NodeId, Map<Integer, String>> holders = new HashMap<>();

  /**
   * @param yarn started; tells how many GPUs nodes have
   */
  public GpuDevices(YarnClient yarn) {
    this.yarn = yarn;
  }

  /**
   * Gives a container that is about to start the lowest ordinals of its node that no other one
   * holds. Where YARN does not tell how many the node has, they have no bound.
   *
   * @param gpus that it asked for; 0: it gets none
   * @throws DicmException {@link ErrorCode#CONTAINER_FAILED} when the node has not so many left
   */
  public synchronized List<Integer> take(String containerId, NodeId node, int gpus) {
    if (gpus == 0) {
      return List.of();
    }
    Map<Integer, String> held = holders.computeIfAbsent(node, any -> new TreeMap<>());
    long count = count(node);
    if (count > 0 && held.size() + gpus > count) {
      throw tooMany(containerId, node, gpus, count, held);
    }
    List<Integer> taken = new ArrayList<>();
    for (int ordinal = 0; taken.size() < gpus; ordinal++) {
      if (held.putIfAbsent(ordinal, containerId) == null) {
        taken.add(ordinal);
      }
    }
    return taken;
  }

  /** Takes back what a container that has ended held, if anything. */
  public synchronized void free(String containerId) {
    holders.values().forEach(held -> held.values().removeIf(containerId::equals));
  }

  private static DicmException tooMany(
      String containerId, NodeId node, int gpus, long count, Map<Integer, String> held) {
    return new DicmException(
        ErrorCode.CONTAINER_FAILED,
        "Cannot give %s %s of %s: YARN says that the node has %d, and %s. Compare what the node has with its NodeManager's yarn.nodemanager.resource-type.%s, or ask for fewer GPUs."
            .formatted(
                containerId,
                ContainerSize.gpusInWords(gpus),
                node,
                count,
                held.isEmpty()
                    ? "none is held"
                    : held.entrySet().stream()
                        .map(entry -> "GPU " + entry.getKey() + " is held by " + entry.getValue())
                        .collect(Collectors.joining(", ")),
                ContainerSize.GPU));
  }

  private long count(NodeId node) {
    if (!counts.containsKey(node)) {
      ask();
    }
    return counts.computeIfAbsent(node, unknown -> 0L);
  }

  /** Once for all nodes: a gang may have containers on many. */
  private void ask() {
    try {
      for (NodeReport report : yarn.getNodeReports(NodeState.RUNNING)) {
        counts.put(report.getNodeId(), ContainerSize.of(report.getCapability()).gpus());
      }
    } catch (YarnException | IOException e) {
      LOG.warn("YARN does not tell the GPUs of its nodes: {}", e.getMessage());
    }
  }
}
