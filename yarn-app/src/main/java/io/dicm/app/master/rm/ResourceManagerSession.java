package io.dicm.app.master.rm;

import io.dicm.app.launch.NodeLabels;
import io.dicm.app.launch.Role;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.protocolrecords.RegisterApplicationMasterResponse;
import org.apache.hadoop.yarn.api.records.Container;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.ContainerStatus;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.Priority;
import org.apache.hadoop.yarn.api.records.UpdatedContainer;
import org.apache.hadoop.yarn.client.api.AMRMClient.ContainerRequest;
import org.apache.hadoop.yarn.client.api.async.AMRMClientAsync;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master's registration at the resource manager, and the one gang that it asks for at a time.
 * Safe for use by many threads; {@link #allocate} by one.
 */
public final class ResourceManagerSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceManagerSession.class);
  private static final int HEARTBEAT_INTERVAL_MS = 500;

  private final Configuration conf;
  private final AMRMClientAsync<ContainerRequest> client;
  private final Supplier<Float> progress;
  private final Runnable onLost;
  private final NodeFailures nodes;
  private final List<ContainerRequest> open = new ArrayList<>();
  private Gang<Container> gang;
  private boolean gathering;
  private volatile int largestContainerMb;
  private ContainerListener listener = ContainerListener.NONE;

  /**
   * @param progress the application's, 0 to 1
   * @param onLost called when the resource manager wants the master to end
   */
  public ResourceManagerSession(Configuration conf, Supplier<Float> progress, Runnable onLost) {
    this.conf = conf;
    this.progress = progress;
    this.onLost = onLost;
    this.nodes = new NodeFailures(NodeFailures.most(DicmConfiguration.of(conf)));
    this.client = AMRMClientAsync.createAMRMClientAsync(HEARTBEAT_INTERVAL_MS, new Callbacks());
    client.init(conf);
    client.start();
  }

  /**
   * Registers the master.
   *
   * @param trackingUrl of its web page; empty: none
   * @return what the cluster says of the application and of itself
   */
  public RegisterApplicationMasterResponse register(String host, int port, String trackingUrl)
      throws IOException, YarnException {
    RegisterApplicationMasterResponse response =
        client.registerApplicationMaster(host, port, trackingUrl);
    largestContainerMb = Math.toIntExact(response.getMaximumResourceCapability().getMemorySize());
    return response;
  }

  /** Memory of the cluster's largest container, MiB; 0 before the registration. */
  public int largestContainerMb() {
    return largestContainerMb;
  }

  /**
   * Asks for a whole gang and waits until it is complete. A container that ends while others are
   * still waited for is replaced.
   *
   * @param ended told of every container that ends once the gang is complete
   * @throws DicmException {@link ErrorCode#NO_RESOURCES} when it is not complete in time; all that
   *     came is then released
   */
  public Gang<Container> allocate(
      List<RoleRequest> requests, Duration timeout, ContainerListener ended)
      throws InterruptedException {
    begin(requests, ended);
    try {
      awaitComplete(timeout);
      return gang;
    } catch (DicmException | InterruptedException e) {
      releaseAll();
      throw e;
    }
  }

  /** Gives containers back; those that run are stopped. */
  public synchronized void release(Iterable<ContainerId> containers) {
    containers.forEach(client::releaseAssignedContainer);
  }

  /**
   * Asks for no more containers on nodes that lack what one of them needs.
   *
   * @param hosts of these nodes
   * @return whether all of them are avoided from now on; false: then no other node is left, or
   *     nodes are never avoided
   */
  public synchronized boolean avoidLacking(Set<String> hosts) {
    boolean all = true;
    for (String host : hosts) {
      if (nodes.lacks(host, client.getClusterNodeCount())) {
        avoid(host, "it lacks what they need");
      } else {
        all = false;
      }
    }
    return all;
  }

  /** Says the last word on the application. */
  public void unregister(FinalApplicationStatus status, String diagnostics)
      throws IOException, YarnException {
    client.unregisterApplicationMaster(status, diagnostics, "");
  }

  @Override
  public void close() {
    client.stop();
  }

  private synchronized void begin(List<RoleRequest> requests, ContainerListener ended) {
    gang = new Gang<>(requests);
    gathering = true;
    listener = ended;
    for (RoleRequest request : requests) {
      for (int i = 0; i < request.count(); i++) {
        ask(request);
      }
    }
    LOG.info("Asked for {}", gang.asked());
  }

  private void ask(RoleRequest request) {
    String label = NodeLabels.of(conf, request.role());
    ContainerRequest asked =
        ContainerRequest.newBuilder()
            .capability(request.capability())
            .priority(Priority.newInstance(request.role().requestPriority()))
            .nodeLabelsExpression(label.isEmpty() ? null : label)
            .build();
    open.add(asked);
    client.addContainerRequest(asked);
  }

  private synchronized void awaitComplete(Duration timeout) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    while (!gang.isComplete()) {
      long leftMs = Duration.ofNanos(deadlineNanos - System.nanoTime()).toMillis();
      if (leftMs <= 0) {
        throw new DicmException(
            ErrorCode.NO_RESOURCES,
            "Cannot start: the queue gave %d of %d containers in %d s (asked for %s). Ask for fewer or smaller ones, or wait longer with dicm.yarn.gang-timeout-seconds."
                .formatted(gang.size(), gang.places(), timeout.toSeconds(), gang.asked()));
      }
      wait(leftMs);
    }
    gathering = false;
    cancelOpen();
  }

  private synchronized void releaseAll() {
    cancelOpen();
    gang.held().forEach(container -> client.releaseAssignedContainer(container.getId()));
    gang = null;
    gathering = false;
  }

  private void cancelOpen() {
    open.forEach(client::removeContainerRequest);
    open.clear();
  }

  private synchronized void allocated(Container container) {
    Role role = Role.ofRequestPriority(container.getPriority().getPriority());
    if (gang == null || gang.place(role, container).isEmpty()) {
      client.releaseAssignedContainer(container.getId());
      return;
    }
    LOG.info("Got {} on {} for a {}", container.getId(), container.getNodeId(), role.label());
    open.stream()
        .filter(request -> request.getPriority().equals(container.getPriority()))
        .findFirst()
        .ifPresent(this::withdraw);
    notifyAll();
  }

  private void withdraw(ContainerRequest request) {
    open.remove(request);
    client.removeContainerRequest(request);
  }

  private void completed(ContainerStatus status) {
    LOG.info("Container ended: {}", status);
    ContainerListener told;
    synchronized (this) {
      blame(status);
      if (gathering && isReplaced(status.getContainerId())) {
        return;
      }
      told = listener;
    }
    told.ended(status.getContainerId().toString(), status.getExitStatus(), status.getDiagnostics());
  }

  private void blame(ContainerStatus status) {
    if (gang == null) {
      return;
    }
    gang.held().stream()
        .filter(container -> container.getId().equals(status.getContainerId()))
        .findFirst()
        .flatMap(
            container ->
                nodes.ended(
                    container.getNodeId().getHost(),
                    status.getExitStatus(),
                    client.getClusterNodeCount()))
        .ifPresent(host -> avoid(host, "too many have failed there"));
  }

  private void avoid(String host, String why) {
    LOG.warn("No more containers are asked for on {}: {}", host, why);
    client.updateBlacklist(List.of(host), List.of());
  }

  /** Whether the container had a place in the gang that gathers; it is then asked for again. */
  private boolean isReplaced(ContainerId ended) {
    Optional<RoleRequest> place = gang.vacate(container -> container.getId().equals(ended));
    place.ifPresent(this::ask);
    return place.isPresent();
  }

  private final class Callbacks extends AMRMClientAsync.AbstractCallbackHandler {
    @Override
    public void onContainersAllocated(List<Container> containers) {
      containers.forEach(ResourceManagerSession.this::allocated);
    }

    @Override
    public void onContainersCompleted(List<ContainerStatus> statuses) {
      statuses.forEach(ResourceManagerSession.this::completed);
    }

    @Override
    public void onContainersUpdated(List<UpdatedContainer> containers) {}

    @Override
    public void onNodesUpdated(List<NodeReport> nodes) {}

    @Override
    public void onShutdownRequest() {
      LOG.warn("The resource manager wants this master to end");
      onLost.run();
    }

    @Override
    public void onError(Throwable failure) {
      LOG.error("The resource manager client failed", failure);
      onLost.run();
    }

    @Override
    public float getProgress() {
      return progress.get();
    }
  }
}
