package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.layout.Workspace;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class TestRegistration {
  private static final Path PLACE = new Path("/w/runs/dt=2026-01-02/run=r1");
  private static final TablePartition PARTITION =
      TablePartition.of(HiveTable.RUNS, "2026-01-02", "r1", PLACE);

  @Test
  void aRunHasAPartitionInEveryTable() {
    Registration registration =
        Registration.ofRun(new Workspace(new Path("/w")), "vgg16", "2026-01-02", "r1");

    assertThat(registration.partitions())
        .extracting(partition -> partition + " at " + partition.location())
        .containsExactly(
            "features/dt=2026-01-02 at /w/features/vgg16/dt=2026-01-02",
            "image_codes/dt=2026-01-02/run=r1 at /w/image_codes/dt=2026-01-02/run=r1",
            "predictions/dt=2026-01-02/run=r1 at /w/predictions/dt=2026-01-02/run=r1",
            "metrics/dt=2026-01-02/run=r1 at /w/metrics/dt=2026-01-02/run=r1",
            "metric_slices/dt=2026-01-02/run=r1 at /w/metric_slices/dt=2026-01-02/run=r1",
            "runs/dt=2026-01-02/run=r1 at /w/runs/dt=2026-01-02/run=r1");
  }

  @Test
  void partitionNamesItselfAsHiveDoes() {
    assertThat(PARTITION.name()).isEqualTo("dt=2026-01-02/run=r1");
    assertThat(PARTITION.clause()).isEqualTo("PARTITION (`dt` = '2026-01-02', `run` = 'r1')");
  }

  @Test
  void daysAreDays() {
    assertThatThrownBy(() -> TablePartition.of(HiveTable.FEATURES, "2026/01/02", PLACE))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot register partition dt: was '2026/01/02', allowed is a day, YYYY-MM-DD.");
  }

  @Test
  void runsAreNames() {
    assertThatThrownBy(() -> TablePartition.of(HiveTable.RUNS, "2026-01-02", "r'1", PLACE))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot register partition run: was 'r'1', allowed are letters, digits, '-' and"
                + " '_'.");
  }

  @Test
  void everyPartitionColumnNeedsAValue() {
    assertThatThrownBy(() -> TablePartition.of(HiveTable.RUNS, "2026-01-02", PLACE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("runs is partitioned by [dt, run], given were [2026-01-02]");
  }

  @Test
  void registrationNeedsPartitionsOnceEach() {
    Path root = new Path("/w");
    assertThatThrownBy(() -> new Registration(root, "vgg16", List.of()))
        .hasMessage("A registration needs a partition");
    assertThatThrownBy(() -> new Registration(root, " ", List.of(PARTITION)))
        .hasMessage("A registration needs an extractor ID");
    assertThatThrownBy(
            () ->
                new Registration(
                    root, "vgg16", List.of(PARTITION, PARTITION.at(new Path("/other")))))
        .hasMessageStartingWith("A partition is given twice: ");
    assertThatThrownBy(
            () -> new Registration(root, "vgg16", List.of(PARTITION)).without(List.of(PARTITION)))
        .hasMessageStartingWith("A partition is given twice: ");
  }

  @Test
  void whatARunMayHaveBesidesComesBeforeTheLastPartition() {
    Workspace workspace = new Workspace(new Path("/w"));
    Registration registration =
        Registration.ofRun(workspace, "vgg16", "2026-01-02", "r1")
            .with(Registration.besides(workspace, "vgg16", "2026-01-02", "r1"));

    assertThat(registration.partitions())
        .hasSize(HiveTable.values().length + 1)
        .last()
        .hasToString("runs/dt=2026-01-02/run=r1");
    assertThat(registration.partitions())
        .extracting(partition -> partition + " at " + partition.location())
        .contains(
            "near_duplicates/dt=2026-01-02 at /w/near_duplicates/vgg16/dt=2026-01-02",
            "samples/dt=2026-01-02/run=r1/split=test at /w/samples/run=r1/test",
            "sample_items/dt=2026-01-02/run=r1 at /w/samples/run=r1/items",
            "checkpoints/dt=2026-01-02/run=r1 at /w/checkpoint_list/dt=2026-01-02/run=r1");
  }
}
