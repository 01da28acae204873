package io.dicm.app.master.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dicm.ams.wire.Transport;
import io.dicm.app.container.ContainerIdentity;
import io.dicm.app.container.Heartbeats;
import io.dicm.app.container.MasterLeases;
import io.dicm.app.container.MasterLink;
import io.dicm.app.container.MemberStatus;
import io.dicm.app.container.Orders;
import io.dicm.app.container.ReceivedTokens;
import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.app.master.security.ApplicationTokens;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.Order;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.trainer.lease.LeaseLedger;
import io.dicm.trainer.lease.LeasePlan;
import io.dicm.trainer.lease.LeaseSize;
import io.dicm.trainer.lease.LeaseSource;
import io.dicm.trainer.lease.SampleLease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.security.token.TokenIdentifier;
import org.apache.hadoop.yarn.security.AMRMTokenIdentifier;
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
  private final UserGroupInformation user = UserGroupInformation.createRemoteUser("ann");
  private ApplicationTokens tokens;
  private MasterService service;
  private final Membership gang =
      new Membership(60_000, 1_000, () -> System.nanoTime() / 1_000_000);
  private final LeaseLedger leases =
      new LeaseLedger(LeasePlan.of(List.of(32L), new LeaseSize(2, 1), OptionalLong.empty()), 1, 2);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch lost = new CountDownLatch(1);
  private MasterServer server;

  @BeforeEach
  void start() throws IOException {
    Credentials given = new Credentials();
    given.addToken(new Text("fs"), token("first"));
    given.addToken(
        new Text("rm"),
        new Token<>(new byte[] {1}, new byte[] {2}, AMRMTokenIdentifier.KIND_NAME, new Text("rm")));
    tokens = new ApplicationTokens(given);
    service = new MasterService(tokens);
    server =
        new MasterServer("localhost", service, new ContainerIdentity(secret, Transport.plain()));
    gang.add("c0", new Member(Role.PREDICTOR, 0));
    service.begin(gang, ASSIGNMENT, Optional.of(leases));
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
  void newTokensReachTheContainer() throws Exception {
    try (MasterLink link = link(secret)) {
      link.register("c0");
      try (Heartbeats heartbeats = heartbeats(link, new MemberStatus("c0"), new Orders())) {
        await()
            .atMost(20, TimeUnit.SECONDS)
            .until(() -> gang.peakResidentBytes().containsKey(Role.PREDICTOR));
        assertThat(passwords()).as("what containers are started with is not sent").isEmpty();

        Credentials fresh = new Credentials();
        fresh.addToken(new Text("fs"), token("second"));
        tokens.renew(fresh);

        await().atMost(20, TimeUnit.SECONDS).until(() -> passwords().equals("second"));
      }
    }
  }

  /** Of the tokens that the container's user has. */
  private String passwords() {
    return user.getTokens().stream()
        .map(token -> new String(token.getPassword(), StandardCharsets.UTF_8))
        .collect(Collectors.joining(","));
  }

  private static Token<TokenIdentifier> token(String password) {
    return new Token<>(
        new byte[] {1},
        password.getBytes(StandardCharsets.UTF_8),
        new Text("HDFS_DELEGATION_TOKEN"),
        new Text("fs"));
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
  void leasesAreHandedOutAndAskedForAgain() {
    try (MasterLink link = link(secret)) {
      LeaseSource own = leases(link, "c0");
      List<SampleLease> read = new ArrayList<>();
      for (Optional<SampleLease> lease = own.lease(1, 0);
          lease.isPresent();
          lease = own.lease(1, read.size())) {
        read.add(lease.get());
      }
      assertThat(read).hasSize(16).startsWith(new SampleLease(0, 2), new SampleLease(2, 4));
      assertThat(own.lease(1, 3)).contains(read.get(3));
      assertThat(own.lease(0, 0)).contains(new SampleLease(0, 2));
      assertThatThrownBy(() -> own.lease(0, 9))
          .hasMessageContaining("c0: Number of member 0's lease was 9, allowed 0..1.")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    }
  }

  /** A container of an earlier incarnation may still run: it must not take what is another's. */
  @Test
  void onlyLivingMembersOfALeasedGangHaveLeases() {
    try (MasterLink link = link(secret)) {
      assertThatThrownBy(() -> leases(link, "c9").lease(0, 0))
          .hasMessageContaining("c9 has no leases here");
      gang.ended("c0", 0, "");
      assertThatThrownBy(() -> leases(link, "c0").lease(0, 0))
          .hasMessageContaining("c0 has no leases here");
      gang.add("c1", new Member(Role.PREDICTOR, 0));
      assertThat(leases(link, "c1").lease(0, 0)).contains(new SampleLease(0, 2));
      service.begin(gang, ASSIGNMENT, Optional.empty());
      assertThatThrownBy(() -> leases(link, "c1").lease(0, 0))
          .hasMessageContaining("c1 has no leases here");
    }
  }

  /** Its thread may be the one that everybody waits for. */
  @Test
  void aMasterThatIsGoneIsNotAskedForEver() {
    try (MasterLink link = link(secret)) {
      server.close();
      assertThatThrownBy(() -> leases(link, "c0").lease(0, 0))
          .hasMessageContaining("Cannot get samples to read: the master's answer was")
          .hasMessageContaining("UNAVAILABLE")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
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

  private static LeaseSource leases(MasterLink link, String containerId) {
    return new MasterLeases(link, containerId, ASSIGNMENT.getSilenceLimitMs());
  }

  private MasterLink link(ApplicationSecret theirs) {
    return new MasterLink(
        "localhost:" + server.port(), new ContainerIdentity(theirs, Transport.plain()));
  }

  private Heartbeats heartbeats(MasterLink link, MemberStatus status, Orders orders) {
    return new Heartbeats(
        link,
        status,
        orders,
        new ReceivedTokens(user),
        ASSIGNMENT,
        stopped::countDown,
        lost::countDown);
  }
}
