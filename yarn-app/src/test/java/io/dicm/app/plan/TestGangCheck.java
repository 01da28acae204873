package io.dicm.app.plan;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.client.SubmissionYarnClient;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.QueueConfigurations;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.util.Records;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class TestGangCheck {
  private final Configuration conf = new Configuration();
  private final QueueInfo queue = Records.newRecord(QueueInfo.class);

  @BeforeEach
  void configure() {
    conf.addResource("dicm-default.xml");
    queue.setQueueName("training");
    conf.set("dicm.yarn.master.memory-mb", "1000");
    conf.set("dicm.yarn.server.memory-mb", "3000");
    conf.set("dicm.yarn.worker.memory-mb", "2000");
    conf.set("dicm.yarn.predictor.memory-mb", "2000");
  }

  /** 2 servers, 2 workers and the master are 11,000 MiB. */
  @Test
  void whatFitsExactlyPasses() {
    assertThatCode(() -> check(StageName.TRAIN, 6000, 5000)).doesNotThrowAnyException();
    assertThatCode(() -> check(StageName.PREDICT, 5000)).doesNotThrowAnyException();
  }

  @Test
  void moreThanAllNodesHaveIsRefusedWithBothNumbers() {
    assertRefused(
        "Cannot submit: training asks for 2 servers of 3000 MiB, 2 workers of 2000 MiB, 1 master of"
            + " 1000 MiB, 11000 MiB together, and the cluster's 2 nodes have 10999 MiB. Ask for"
            + " fewer or smaller containers; on a cluster that grows when asked set"
            + " dicm.yarn.check-capacity=false.",
        StageName.TRAIN,
        6000,
        4999);
    assertRefused("prediction asks for 2 predictors of 2000 MiB", StageName.PREDICT, 4999);
  }

  @Test
  void containersDoNotSpanNodes() {
    assertRefused(
        "and the cluster's nodes have room for 0 servers", StageName.TRAIN, 2900, 2900, 2900, 2900);
  }

  @Test
  void queueMayGetLessThanTheCluster() {
    share(0.5f);

    assertRefused(
        "the cluster's 1 nodes have 20000 MiB, of which queue training gets at most 10000 MiB",
        StageName.TRAIN,
        20_000);
    assertThatCode(() -> check(StageName.TRAIN, 22_000)).doesNotThrowAnyException();
    conf.set("dicm.yarn.worker.node-label", "gpu");
    assertThatCode(() -> check(StageName.TRAIN, 20_000))
        .as("the queue's share of labelled nodes is another")
        .doesNotThrowAnyException();
  }

  @Test
  @ExtendWith(WithGpus.class)
  void gpusOfAllNodesAreCompared() {
    conf.set("dicm.yarn.worker.gpus", "2");

    assertRefused(
        "Cannot submit: training asks for 2 servers of 3000 MiB, 2 workers of 2000 MiB and 2 GPUs,"
            + " 1 master of 1000 MiB, 11000 MiB together and 4 GPUs, and the cluster's 2 nodes have"
            + " 3 GPUs (yarn.io/gpu). Ask for fewer",
        StageName.TRAIN,
        List.of(WithGpus.node(9000, 2), WithGpus.node(9001, 1)));
    assertRefused(
        "and the cluster's nodes have room for 1 workers.",
        StageName.TRAIN,
        List.of(WithGpus.node(9000, 3), WithGpus.node(9001, 1)));
    assertThatCode(
            () -> check(StageName.TRAIN, List.of(WithGpus.node(9000, 2), WithGpus.node(9001, 2))))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(StageName.PREDICT, 9000))
        .as("predictors have a key of their own")
        .doesNotThrowAnyException();
  }

  @Test
  void otherStagesNeedNoGang() {
    assertThatCode(() -> check(StageName.EVALUATE, 1)).doesNotThrowAnyException();
  }

  private void share(float share) {
    QueueConfigurations configurations = Records.newRecord(QueueConfigurations.class);
    configurations.setAbsoluteMaxCapacity(share);
    queue.setQueueConfigurations(Map.of("", configurations));
  }

  private void assertRefused(String message, StageName stage, int... nodesMb) {
    assertRefused(message, stage, nodes(nodesMb));
  }

  private void assertRefused(String message, StageName stage, List<NodeReport> nodes) {
    assertThatThrownBy(() -> check(stage, nodes))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.NO_RESOURCES);
  }

  private void check(StageName stage, int... nodesMb) {
    check(stage, nodes(nodesMb));
  }

  private static List<NodeReport> nodes(int... nodesMb) {
    return Arrays.stream(nodesMb).mapToObj(SubmissionYarnClient::node).toList();
  }

  private void check(StageName stage, List<NodeReport> nodes) {
    PipelineSettings settings =
        new PipelineSettings(
            "shop", null, new Workspace(new Path("/w")), "2026-07-01", "a", List.of(stage));
    new GangCheck(DicmConfiguration.of(conf), settings).check(nodes, queue);
  }
}
