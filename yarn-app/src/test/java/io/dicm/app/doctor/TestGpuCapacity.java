package io.dicm.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.WithGpus;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.QueueConfigurations;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.util.Records;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithGpus.class)
class TestGpuCapacity {
  private static final List<StageName> TRAINING = List.of(StageName.TRAIN);

  private final Configuration conf = new Configuration(false);
  private final QueueInfo queue = Records.newRecord(QueueInfo.class);

  @BeforeEach
  void configure() {
    conf.addResource("dicm-default.xml");
    conf.set("dicm.train.workers", "3");
    conf.set("dicm.train.servers", "2");
    queue.setQueueName("ads");
  }

  @Test
  void aClusterWithoutGpusIsNoMatterForARunThatAsksForNone() {
    assertThat(look(StageName.all(), node(0)))
        .containsExactly(
            Finding.ok("GPUs", "the cluster offers none (yarn.io/gpu), the run asks for none"));
    assertThat(look(StageName.all(), node(4, "gpu"), node(4, "gpu"), node(2), node(0)))
        .containsExactly(
            Finding.ok(
                "GPUs",
                "10 (yarn.io/gpu) on 3 of 4 nodes: 8 labelled 'gpu', the run asks for none"));
  }

  @Test
  void stagesAreComparedEachByItself() {
    conf.set("dicm.extract.gpus", "2");
    conf.set("dicm.yarn.server.gpus", "1");
    conf.set("dicm.yarn.worker.gpus", "1");
    conf.set("dicm.yarn.predictor.gpus", "1");

    assertThat(look(StageName.all(), node(4), node(0)))
        .containsExactly(
            Finding.ok("GPUs", "4 (yarn.io/gpu) on 1 of 2 nodes"),
            Finding.ok("GPUs", "extract asks for 2 at a time, the nodes have 4"),
            Finding.failed(
                ErrorCode.NO_RESOURCES,
                "GPUs",
                "train asks for 5 at a time, the nodes have 4",
                "Ask for fewer, or for other nodes (such as dicm.yarn.worker.node-label)."),
            Finding.ok("GPUs", "predict asks for 3 at a time, the nodes have 4"));
    assertThat(look(List.of(StageName.PREDICT), node(4))).hasSize(2);
  }

  @Test
  void onlyNodesOfTheRolesLabelCount() {
    conf.set("dicm.yarn.worker.gpus", "1");
    conf.set("dicm.yarn.worker.node-label", "gpu");

    assertThat(look(TRAINING, node(4), node(2, "gpu")).get(1))
        .satisfies(
            finding -> assertThat(finding.level()).isEqualTo(Level.FAILED),
            finding ->
                assertThat(finding.value())
                    .isEqualTo("train asks for 3 at a time, nodes labelled 'gpu' have 2"));
    assertThat(look(TRAINING, node(0), node(3, "gpu")).get(1).level()).isEqualTo(Level.OK);
  }

  @Test
  void nodesOfExclusiveLabelsAreNotForThoseThatAskForNone() {
    conf.set("dicm.yarn.worker.gpus", "1");

    assertThat(look(TRAINING, node(0), node(8, "gpu")).get(1).value())
        .isEqualTo("train asks for 3 at a time, nodes that need no label have 0");
    assertThat(look(TRAINING, node(0), node(8, "open")).get(1))
        .isEqualTo(
            Finding.ok("GPUs", "train asks for 3 at a time, nodes that need no label have 8"));
    queue.setDefaultNodeLabelExpression("gpu");
    assertThat(look(TRAINING, node(0), node(8, "gpu")).get(1))
        .as("the queue's own label")
        .isEqualTo(Finding.ok("GPUs", "train asks for 3 at a time, nodes labelled 'gpu' have 8"));
  }

  @Test
  void whatTheQueueCannotHaveIsAWarning() {
    conf.set("dicm.yarn.worker.gpus", "1");
    QueueConfigurations share = Records.newRecord(QueueConfigurations.class);
    share.setEffectiveMaxCapacity(WithGpus.resource(9000, 4, 2));
    queue.setQueueConfigurations(Map.of("", share));

    Finding finding = look(TRAINING, node(4)).get(1);

    assertThat(finding.level()).isEqualTo(Level.WARNING);
    assertThat(finding.value())
        .isEqualTo(
            "train asks for 3 at a time, the nodes have 4, of which queue 'ads' gets at most 2");
    share.setEffectiveMaxCapacity(WithGpus.resource(0, 0, 0));
    assertThat(look(TRAINING, node(4)).get(1).level())
        .as("a scheduler that does not tell")
        .isEqualTo(Level.OK);
  }

  /** The share is of the nodes without a label. */
  @Test
  void nodesOfSharedLabelsAreBeyondTheQueuesShare() {
    conf.set("dicm.yarn.worker.gpus", "1");
    QueueConfigurations share = Records.newRecord(QueueConfigurations.class);
    share.setEffectiveMaxCapacity(WithGpus.resource(9000, 4, 0));
    queue.setQueueConfigurations(Map.of("", share));

    assertThat(look(TRAINING, node(0), node(8, "open")).get(1).level()).isEqualTo(Level.OK);
    assertThat(look(TRAINING, node(8)).get(1).level()).isEqualTo(Level.WARNING);
  }

  @Test
  void rolesWithoutALabelHaveTheApplications() {
    conf.set("dicm.yarn.worker.gpus", "1");
    conf.set("dicm.yarn.master.node-label", "small");

    assertThat(look(TRAINING, node(8), node(0, "small")).get(1).value())
        .isEqualTo("train asks for 3 at a time, nodes labelled 'small' have 0");
  }

  @Test
  void aClusterThatGrowsMayHaveThemLater() {
    conf.set("dicm.yarn.worker.gpus", "1");
    conf.set("dicm.yarn.check-capacity", "false");

    assertThat(look(TRAINING, node(0)).get(1).level()).isEqualTo(Level.WARNING);
  }

  private List<Finding> look(List<StageName> stages, NodeReport... nodes) {
    PipelineSettings settings =
        new PipelineSettings(
            "test", new Path("/i"), new Workspace(new Path("/w")), "2026-07-01", "a", stages);
    return new GpuCapacity(DicmConfiguration.of(conf), settings)
        .findings(GpuNodes.of(List.of(nodes), Set.of("open")), queue);
  }

  private static NodeReport node(long gpus, String... labels) {
    NodeReport node = WithGpus.node(9000, gpus);
    node.setNodeLabels(Set.of(labels));
    return node;
  }
}
