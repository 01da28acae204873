package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.ClusterView;
import io.dicm.app.plan.RunPlan;
import io.dicm.app.plan.StoredManifests;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRunPlanner {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();

  @BeforeEach
  void configure() {
    conf.addResource("dicm-default.xml");
  }

  @Test
  void theClusterIsPartOfThePlan() throws Exception {
    RunPlan plan = plan(new SmallCluster(2, 8000, 4));

    assertThat(plan.refusals()).isEmpty();
    ClusterView cluster = plan.cluster().orElseThrow();
    assertThat(cluster.size().memoryMb()).isEqualTo(16_000);
    assertThat(cluster.largest().memoryMb()).isEqualTo(8_000);
    assertThat(cluster.queue()).isEqualTo("default");
  }

  @Test
  void allThatSpeaksAgainstItIsTold() throws Exception {
    new StoredManifests(conf, workspace()).vectors("2026-06-30", 1_000);

    RunPlan plan = plan(new SmallCluster(1, 1500, 4));

    assertThat(plan.refusals())
        .extracting(DicmException::code)
        .containsExactly(
            ErrorCode.MEMORY_PLAN_TOO_LARGE,
            ErrorCode.NO_RESOURCES,
            ErrorCode.MEMORY_PLAN_TOO_LARGE);
    assertThatThrownBy(plan::requireAccepted).isSameAs(plan.refusals().get(0));
  }

  @Test
  void anUnknownQueueIsNoEndOfThePlan() throws Exception {
    conf.set("dicm.yarn.queue", "fast");

    RunPlan plan = plan(new SmallCluster(2, 8000, 4));

    assertThat(plan.cluster()).isEmpty();
    assertThat(plan.refusals())
        .extracting(DicmException::code)
        .containsExactly(ErrorCode.CONFIGURATION_INVALID);
  }

  private RunPlan plan(SmallCluster cluster) throws Exception {
    PipelineSettings settings =
        new PipelineSettings(
            "test",
            new Path(folder.resolve("input").toUri()),
            workspace(),
            "2026-07-01",
            "a",
            List.of(StageName.TRAIN));
    return new RunPlanner(conf, settings).plan(Optional.of(cluster), 4);
  }

  private Workspace workspace() {
    return new Workspace(new Path(folder.resolve("workspace").toUri()));
  }
}
