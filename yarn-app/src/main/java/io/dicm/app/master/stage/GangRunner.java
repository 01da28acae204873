package io.dicm.app.master.stage;

import io.dicm.app.launch.GangTimes;
import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.app.master.history.RoleMemory;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.launch.ContainerLauncher;
import io.dicm.app.master.membership.MasterServer;
import io.dicm.app.master.membership.MasterService;
import io.dicm.app.master.membership.Membership;
import io.dicm.app.master.rm.ContainerListener;
import io.dicm.app.master.rm.ResourceManagerSession;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.yarn.api.records.Container;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a gang of containers, follows it to its end and leaves none of them behind, whatever
 * happens. One gang at a time.
 */
public final class GangRunner {
  private static final Logger LOG = LoggerFactory.getLogger(GangRunner.class);
  private static final Duration FAILURE_GRACE = Duration.ofSeconds(5);
  private static final Duration END_GRACE = Duration.ofSeconds(20);
  private static final int POLL_MS = 500;

  private final ResourceManagerSession resourceManager;
  private final ContainerLauncher launcher;
  private final MasterService service;
  private final MasterServer server;
  private final GangTimes times;
  private final RunHistory history;
  private final ContainerLogLinks logs;
  private final GangFailures failures;

  GangRunner(
      ResourceManagerSession resourceManager,
      ContainerLauncher launcher,
      MasterService service,
      MasterServer server,
      GangTimes times,
      RunHistory history,
      ContainerLogLinks logs) {
    this.resourceManager = resourceManager;
    this.launcher = launcher;
    this.service = service;
    this.server = server;
    this.times = times;
    this.history = history;
    this.logs = logs;
    this.failures = new GangFailures(resourceManager::avoidLacking);
  }

  /**
   * Runs a gang.
   *
   * @return how it ended; a failure is the first cause that a member had or met
   * @throws DicmException {@link ErrorCode#NO_RESOURCES} when the queue does not give it in time
   */
  GangOutcome run(GangPlan plan, GangObserver observer) throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    Membership membership =
        new Membership(
            times.silence().toMillis(),
            FAILURE_GRACE.toMillis(),
            () -> System.nanoTime() / 1_000_000);
    observer.starting("waiting for containers");
    Map<Member, Container> containers =
        resourceManager.allocate(plan.requests(), times.start(), listener(membership)).members();
    containers.forEach((member, container) -> membership.add(container.getId().toString(), member));
    service.begin(membership, assignment(plan), plan.leases());
    GangRecorder recorder = new GangRecorder(history, plan, containers, logs);
    Optional<DicmException> failure = Optional.empty();
    try {
      recorder.record(membership);
      launch(plan, containers);
      awaitReady(membership, startNanos, observer, recorder);
      awaitFinished(membership, observer, recorder);
    } catch (DicmException e) {
      failure = Optional.of(e);
    } finally {
      end(membership, containers);
      recorder.last(membership);
      keepMemory(plan, membership);
    }
    return failure
        .<GangOutcome>map(cause -> failures.outcome(cause, membership, containers))
        .orElseGet(GangOutcome.Finished::new);
  }

  private ContainerListener listener(Membership membership) {
    return (containerId, exitStatus, diagnostics) -> {
      launcher.ended(containerId);
      membership.ended(containerId, exitStatus, diagnostics);
    };
  }

  private Assignment assignment(GangPlan plan) {
    return plan.work().toBuilder()
        .setLeased(plan.leases().isPresent())
        .setServers(plan.count(Role.SERVER))
        .setWorkers(plan.count(Role.WORKER) + plan.count(Role.PREDICTOR))
        .setHeartbeatIntervalMs(Math.toIntExact(times.heartbeatInterval().toMillis()))
        .setSilenceLimitMs(Math.toIntExact(times.silence().toMillis()))
        .build();
  }

  private void launch(GangPlan plan, Map<Member, Container> containers) throws IOException {
    String master = server.host() + ":" + server.port();
    for (Map.Entry<Member, Container> entry : containers.entrySet()) {
      RoleRequest request = plan.request(entry.getKey().role());
      launcher.launch(
          entry.getValue(),
          entry.getKey(),
          request.memory(),
          master,
          plan.threads(),
          request.gpus());
    }
  }

  /** The limit counts anew while members get on: a large shard takes its time to load. */
  private void awaitReady(
      Membership membership, long startNanos, GangObserver observer, GangRecorder recorder)
      throws InterruptedException {
    long deadlineNanos = startNanos + times.start().toNanos();
    long done = membership.done();
    while (!membership.isReady()) {
      membership.checkFinished();
      if (membership.done() > done) {
        done = membership.done();
        deadlineNanos = System.nanoTime() + times.start().toNanos();
      }
      if (System.nanoTime() > deadlineNanos) {
        throw new DicmException(
            ErrorCode.CONTAINER_FAILED,
            "Cannot start: not ready after %d s were %s. See their logs, or wait longer with dicm.yarn.gang-timeout-seconds."
                .formatted(times.start().toSeconds(), membership.notReady()));
      }
      recorder.record(membership);
      observer.starting("starting " + membership.notReady());
      membership.awaitNews(POLL_MS);
    }
  }

  private void awaitFinished(Membership membership, GangObserver observer, GangRecorder recorder)
      throws InterruptedException {
    while (!membership.checkFinished()) {
      recorder.record(membership);
      observer.working(membership);
      membership.awaitNews(POLL_MS);
    }
    observer.finished(membership);
  }

  /** Tells everybody to stop, waits a while for that, and then has the nodes do it. */
  private void end(Membership membership, Map<Member, Container> containers)
      throws InterruptedException {
    membership.stop();
    long deadlineNanos = System.nanoTime() + END_GRACE.toNanos();
    try {
      while (!membership.isEmpty() && System.nanoTime() < deadlineNanos) {
        membership.awaitNews(POLL_MS);
      }
    } finally {
      service.end();
      for (Container container : containers.values()) {
        if (membership.running().contains(container.getId().toString())) {
          LOG.warn("{} did not end by itself and is stopped", container.getId());
          launcher.stop(container);
        }
      }
      resourceManager.release(containers.values().stream().map(Container::getId).toList());
      // YARN may give away again from here on what they had.
      containers.values().forEach(container -> launcher.ended(container.getId().toString()));
    }
  }

  private void keepMemory(GangPlan plan, Membership membership) {
    membership
        .peakResidentBytes()
        .forEach(
            (role, peakBytes) ->
                history.used(
                    RoleMemory.of(role.label(), plan.request(role).memory().totalMb(), peakBytes)));
  }
}
