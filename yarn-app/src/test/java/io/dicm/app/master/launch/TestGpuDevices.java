package io.dicm.app.master.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.plan.WithGpus;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.yarn.api.records.NodeId;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.client.api.impl.YarnClientImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithGpus.class)
class TestGpuDevices {
  private static final NodeId SMALL = NodeId.newInstance("node", 1000);
  private static final NodeId LARGE = NodeId.newInstance("node", 2000);
  private static final NodeId UNKNOWN = NodeId.newInstance("late", 1);

  private final Cluster cluster = new Cluster();
  private final GpuDevices devices = new GpuDevices(cluster);

  /** A resource manager that tells two nodes, or nothing. */
  private static final class Cluster extends YarnClientImpl {
    private int asked;
    private boolean silent;

    @Override
    public List<NodeReport> getNodeReports(NodeState... states) throws IOException {
      asked++;
      if (silent) {
        throw new IOException("it starts again");
      }
      return List.of(WithGpus.node(1000, 2), WithGpus.node(2000, 8));
    }
  }

  @Test
  void containersOfANodeHaveDifferentDevices() {
    assertThat(take("a", SMALL, 1)).containsExactly(0);
    assertThat(take("b", SMALL, 1)).containsExactly(1);
    assertThat(take("c", LARGE, 3)).as("of another node").containsExactly(0, 1, 2);
    assertThat(cluster.asked).as("times that YARN was asked").isOne();
  }

  @Test
  void whatAnEndedContainerHeldIsGivenAgain() {
    take("a", LARGE, 2);
    take("b", LARGE, 2);
    take("c", LARGE, 2);

    devices.free("b");
    devices.free("b");
    devices.free("never seen");

    assertThat(take("d", LARGE, 3)).as("the lowest that are free").containsExactly(2, 3, 6);
    assertThat(take("e", LARGE, 1)).containsExactly(7);
  }

  @Test
  void moreThanTheNodeHasIsToldWithHolders() {
    take("container_1", SMALL, 1);

    assertThatThrownBy(() -> take("container_2", SMALL, 2))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot give container_2 2 GPUs of node:1000: YARN says that the node has 2, and GPU 0"
                + " is held by container_1. Compare what the node has with its NodeManager's"
                + " yarn.nodemanager.resource-type.yarn.io/gpu, or ask for fewer GPUs.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONTAINER_FAILED);
    assertThat(take("container_3", SMALL, 1)).as("nothing was taken").containsExactly(1);
  }

  @Test
  void whoAsksForNoneGetsNoneAndYarnIsNotAsked() {
    assertThat(take("a", SMALL, 0)).isEmpty();
    assertThat(cluster.asked).isZero();
  }

  @Test
  void nodesOfWhichYarnDoesNotTellHaveNoBound() {
    assertThat(devices.take("a", UNKNOWN, 2)).containsExactly(0, 1);
    assertThat(devices.take("b", UNKNOWN, 1)).containsExactly(2);
    cluster.silent = true;
    assertThat(new GpuDevices(cluster).take("a", SMALL, 9)).hasSize(9);
  }

  private List<Integer> take(String containerId, NodeId node, int gpus) {
    return devices.take(containerId, node, gpus);
  }
}
