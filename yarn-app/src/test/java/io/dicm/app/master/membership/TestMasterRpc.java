package io.dicm.app.master.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dicm.ams.wire.Transport;
import io.dicm.app.container.ContainerIdentity;
import io.dicm.app.container.Heartbeats;
import io.dicm.app.container.MasterLink;
import io.dicm.app.container.MemberStatus;
import io.dicm.app.container.Orders;
import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.Order;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.security.ApplicationSecret;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container and its master over a real connection. */
class TestMasterRpc {
  private static final Assignment ASSIGNMENT =
      Assignment.newBuilder()
          .setWorkers(1)
          .setHeartbeatIntervalMs(20)
          .setSilenceLimitMs(500)
          .setOutputDirectory("/out")
          .build();

  private final ApplicationSecret secret = ApplicationSecret.generate();
  private final MasterService service = new MasterService();
  private final Membership gang =
      new Membership(60_000, 1_000, () -> System.nanoTime() / 1_000_000);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch lost = new CountDownLatch(1);
  private MasterServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new MasterServer("localhost", service, new ContainerIdentity(secret, Transport.plain()));
    gang.add("c0", new Member(Role.PREDICTOR, 0));
    service.begin(gang, ASSIGNMENT);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void memberIsLedThroughItsWork() throws Exception {
    try (MasterLink link = link(secret)) {
      assertThat(link.register("c0")).isEqualTo(ASSIGNMENT);
      MemberStatus status = new MemberStatus("c0");
      Orders orders = new Orders();
      try (Heartbeats heartbeats = heartbeats(link, status, orders)) {
        status.state(MemberState.READY);
        heartbeats.now();
        orders.await(Order.RUN);
        status.progress(3, 4, "scored");
        status.state(MemberState.WORK_DONE);
        orders.await(Order.WRITE_OUTPUT);
        status.state(MemberState.OUTPUT_WRITTEN);
        orders.await(Order.STOP);
        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(gang.checkFinished()).isTrue();
    assertThat(gang.note()).isEqualTo("scored");
    assertThat(gang.peakResidentBytes().get(Role.PREDICTOR)).isPositive();
  }

  @Test
  void writtenCheckpointsArrive() {
    gang.add("c1", new Member(Role.SERVER, 0));
    try (MasterLink link = link(secret)) {
      link.register("c1");
      MemberStatus status = new MemberStatus("c1");
      try (Heartbeats heartbeats = heartbeats(link, status, new Orders())) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> gang.checkpointSteps().contains(-1L));
        status.checkpointWritten(3000);
        heartbeats.now();
        await().atMost(20, TimeUnit.SECONDS).until(() -> gang.checkpointSteps().contains(3000L));
      }
    }
  }

  @Test
  void lastWordArrives() {
    try (MasterLink link = link(secret)) {
      link.register("c0");
      MemberStatus status = new MemberStatus("c0");
      try (Heartbeats heartbeats = heartbeats(link, status, new Orders())) {
        heartbeats.now();
        status.failed(new DicmException(ErrorCode.SCHEMA_MISMATCH, "Cannot train: other fields."));
      }
    }
    assertThatThrownBy(gang::checkFinished)
        .hasMessageStartingWith("Cannot train: other fields. (predictor 0, c0");
  }

  @Test
  void callsWithoutTheSecretAreRefused() {
    try (MasterLink link = link(ApplicationSecret.generate())) {
      assertThatThrownBy(() -> link.register("c0"))
          .isInstanceOf(DicmException.class)
          .hasMessageContaining("UNAUTHENTICATED")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    }
  }

  @Test
  void strangersAreRefused() {
    try (MasterLink link = link(secret)) {
      assertThatThrownBy(() -> link.register("c9")).hasMessageContaining("c9 is not expected here");
    }
  }

  @Test
  void memberThatHearsNothingGivesUp() {
    try (MasterLink link = link(secret)) {
      link.register("c0");
      try (Heartbeats heartbeats = heartbeats(link, new MemberStatus("c0"), new Orders())) {
        server.close();
        heartbeats.now();
        await().atMost(20, TimeUnit.SECONDS).until(() -> lost.getCount() == 0);
      }
    }
  }

  @Test
  void afterTheGangEverybodyIsStopped() {
    service.end();
    try (MasterLink link = link(secret);
        Heartbeats heartbeats = heartbeats(link, new MemberStatus("c0"), new Orders())) {
      heartbeats.now();
      await().atMost(20, TimeUnit.SECONDS).until(() -> stopped.getCount() == 0);
    }
  }

  private MasterLink link(ApplicationSecret theirs) {
    return new MasterLink(
        "localhost:" + server.port(), new ContainerIdentity(theirs, Transport.plain()));
  }

  private Heartbeats heartbeats(MasterLink link, MemberStatus status, Orders orders) {
    return new Heartbeats(link, status, orders, ASSIGNMENT, stopped::countDown, lost::countDown);
  }
}
