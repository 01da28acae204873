package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.app.master.history.ContainerRecord;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.membership.MemberReport;
import io.dicm.app.master.membership.Membership;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.master.web.MasterWebPage;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.GpuMeasures;
import io.dicm.app.rpc.proto.HeartbeatRequest;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.common.layout.Workspace;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.ApplicationAttemptId;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.Container;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.NodeId;
import org.apache.hadoop.yarn.api.records.Priority;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestGangRecorder {
  private static final String HOST = "127.0.0.1";
  private static final ApplicationId APPLICATION = ApplicationId.newInstance(1, 1);
  private static final ContainerId CONTAINER =
      ContainerId.newContainerId(ApplicationAttemptId.newInstance(APPLICATION, 1), 2);
  private static final Member WORKER = new Member(Role.WORKER, 0);

  private final RunHistory history =
      new RunHistory(
          APPLICATION.toString(),
          new PipelineSettings(
              "daily",
              null,
              new Workspace(new Path("/w")),
              "2026-07-01",
              "a",
              List.of(StageName.TRAIN)),
          () -> 1_000);
  private final Membership gang = new Membership(60_000, 1_000, () -> 0);
  private GangRecorder recorder;

  @BeforeEach
  void begin() {
    history.started(StageName.TRAIN);
    gang.add(CONTAINER.toString(), WORKER);
    recorder =
        new GangRecorder(
            history,
            new GangPlan(
                List.of(
                    new RoleRequest(Role.WORKER, 1, ContainerMemory.of("worker", 1024, 0.4), 1, 1)),
                1,
                Assignment.getDefaultInstance(),
                Optional.empty()),
            Map.of(WORKER, container()),
            new ContainerLogLinks("http://", "", "ann"));
  }

  @Test
  void whatAHeartbeatSaysOfGpusIsInTheMetricsUntilTheEnd() throws Exception {
    heartbeat(
        GpuMeasures.newBuilder()
            .setNumber(0)
            .setName("A \"new\" GPU\\\n")
            .setUsedBytes(3_000_000_000L)
            .setTotalBytes(80_000_000_000L)
            .setUuid("GPU-5c1f")
            .setBusyPercent(35)
            .setCelsius(61)
            .build());
    recorder.record(gang);

    String labels =
        "{container_id=\"%s\",stage=\"train\",role=\"worker\",index=\"0\",node=\"n:1\",gpu=\"0\",gpu_name=\"A \\\"new\\\" GPU\\\\\\n\",gpu_uuid=\"GPU-5c1f\"} "
            .formatted(CONTAINER);
    assertThat(metrics().lines())
        .contains(
            "dicm_container_gpu_memory_used_bytes" + labels + "3000000000",
            "dicm_container_gpu_memory_total_bytes" + labels + "80000000000",
            "dicm_container_gpu_busy_ratio" + labels + "0.35",
            "dicm_container_gpu_temperature_celsius" + labels + "61")
        .noneMatch(line -> line.contains("_power_watts"));

    recorder.last(gang);

    assertThat(metrics()).contains("dicm_container_up").doesNotContain("dicm_container_gpu_");
  }

  @Test
  void aContainerWithoutAGpuHasNone() {
    heartbeat();
    recorder.record(gang);

    assertThat(history.detailed().page().containers())
        .singleElement()
        .extracting(ContainerRecord::gpuUse)
        .isEqualTo(List.of());
  }

  /** As of a driver, or a member of an older version, that does not tell it. */
  @Test
  void aGpuOfUnknownIdentityHasNoLabelForIt() throws Exception {
    heartbeat(GpuMeasures.newBuilder().setName("a").setUsedBytes(1).setTotalBytes(2).build());
    recorder.record(gang);

    assertThat(metrics()).contains("gpu_name=\"a\"} 1").doesNotContain("gpu_uuid");
  }

  private void heartbeat(GpuMeasures... gpus) {
    gang.heartbeat(
        CONTAINER.toString(),
        MemberReport.of(
            HeartbeatRequest.newBuilder()
                .setContainerId(CONTAINER.toString())
                .setState(MemberState.RUNNING)
                .addAllGpus(List.of(gpus))
                .build()));
  }

  /** As the web proxy has them from the master. */
  private String metrics() throws Exception {
    Configuration conf = new YarnConfiguration();
    conf.set(YarnConfiguration.PROXY_ADDRESS, HOST + ":8088");
    try (MasterWebPage page = new MasterWebPage(conf, APPLICATION, HOST, "/proxy/x", history)) {
      page.admit(Map.of());
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(page.trackingUrl() + "metrics"))
              .timeout(Duration.ofSeconds(20))
              .build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
  }

  private static Container container() {
    return Container.newInstance(
        CONTAINER,
        NodeId.newInstance("n", 1),
        "n:8042",
        Resource.newInstance(1024, 1),
        Priority.newInstance(1),
        null);
  }
}
