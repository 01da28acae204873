package io.dicm.app.master.launch;

import io.dicm.app.launch.AccessControl;
import io.dicm.app.launch.ContainerEnvironment;
import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.JavaCommand;
import io.dicm.app.launch.LocalFiles;
import io.dicm.app.launch.Member;
import io.dicm.app.launch.MemberFile;
import io.dicm.app.launch.Role;
import io.dicm.app.launch.VisibleGpus;
import io.dicm.app.master.security.ApplicationTokens;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.process.ContainerRuntime;
import io.dicm.common.process.JavaOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationAccessType;
import org.apache.hadoop.yarn.api.records.Container;
import org.apache.hadoop.yarn.api.records.ContainerLaunchContext;
import org.apache.hadoop.yarn.api.records.LocalResource;
import org.apache.hadoop.yarn.client.api.NMClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts our processes in allocated containers, and stops them. */
public final class ContainerLauncher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerLauncher.class);
  private static final long NODE_WAIT_MS = 10_000;
  private static final long NODE_RETRY_MS = 1_000;
  private static final String MAIN_CLASS = "io.dicm.app.container.ContainerMain";

  private final Configuration conf;
  private final ContainerEnvironment environment;
  private final List<String> javaOptions;
  private final Map<String, LocalResource> files;
  private final ApplicationTokens tokens;
  private final Map<ApplicationAccessType, String> accessControl;
  private final GpuDevices gpuDevices;
  private final NMClient starter;
  private final NMClient stopper;

  /**
   * @param files by the name under which they appear in the working folder
   * @param tokens the latest of which a container is started with
   * @param gpuDevices of which a container is given those that it asked for
   */
  public ContainerLauncher(
      Configuration conf,
      Map<String, LocalResource> files,
      ApplicationTokens tokens,
      GpuDevices gpuDevices) {
    this.conf = conf;
    this.environment = new ContainerEnvironment(conf);
    this.javaOptions = JavaOptions.of(conf);
    this.files = files;
    this.tokens = tokens;
    this.accessControl = AccessControl.of(conf);
    this.gpuDevices = gpuDevices;
    this.starter = client("dicm-node-starts", conf);
    this.stopper = client("dicm-node-stops", impatient(conf));
  }

  /** Whoever starts containers stops them; those of a master that ends are YARN's to end. */
  private static NMClient client(String name, Configuration conf) {
    NMClient client = NMClient.createNMClient(name);
    client.init(conf);
    client.cleanupRunningContainersOnStop(false);
    client.start();
    return client;
  }

  /**
   * A node that starts again is worth YARN's three minutes when a container is to begin there; when
   * one is to end, they would keep a master whose node is gone from ending.
   */
  private static Configuration impatient(Configuration conf) {
    Configuration impatient = new Configuration(conf);
    impatient.setLong(
        YarnConfiguration.CLIENT_NM_CONNECT_MAX_WAIT_MS,
        Math.min(
            NODE_WAIT_MS,
            conf.getLong(YarnConfiguration.CLIENT_NM_CONNECT_MAX_WAIT_MS, NODE_WAIT_MS)));
    impatient.setLong(YarnConfiguration.CLIENT_NM_CONNECT_RETRY_INTERVAL_MS, NODE_RETRY_MS);
    return impatient;
  }

  /** A server's threads share its products among them: native libraries must not do so again. */
  public static int nativeThreads(Role role, int threads) {
    return role == Role.SERVER ? 1 : threads;
  }

  /**
   * Starts a member.
   *
   * @param master host:port of the master's RPC
   * @param threads its compute threads
   * @param gpus that it asked for
   * @throws DicmException {@link ErrorCode#CONTAINER_FAILED} when its node does not start it
   */
  public void launch(
      Container container,
      Member member,
      ContainerMemory memory,
      String master,
      int threads,
      int gpus)
      throws IOException {
    ContainerRuntime runtime = ContainerRuntime.of(conf, member.role().label());
    Map<String, LocalResource> resources = new TreeMap<>(files);
    resources.putAll(new LocalFiles(conf).of(runtime));
    Map<String, String> variables =
        environment.variables(runtime, nativeThreads(member.role(), threads));
    VisibleGpus visible = gpus(container, member, gpus);
    variables.putAll(visible.variables());
    JavaCommand command =
        new JavaCommand(
            MAIN_CLASS,
            memory,
            javaOptions,
            List.of(member.role().label(), Integer.toString(member.index()), master));
    try {
      starter.startContainer(
          container,
          ContainerLaunchContext.newInstance(
              resources,
              variables,
              List.of(visible.before(MemberFile.before(member.toString(), command.line()))),
              null,
              tokens.latest().serialized(),
              accessControl));
    } catch (YarnException | IOException e) {
      throw new DicmException(
          ErrorCode.CONTAINER_FAILED,
          "Cannot start %s in %s on %s: %s"
              .formatted(member, container.getId(), container.getNodeId(), e.getMessage()),
          e);
    }
  }

  private VisibleGpus gpus(Container container, Member member, int gpus) {
    VisibleGpus visible =
        new VisibleGpus(gpuDevices.take(container.getId().toString(), container.getNodeId(), gpus));
    if (gpus > 0) {
      LOG.info(
          "{} in {} on {} has GPUs {}, unless its node isolates them",
          member,
          container.getId(),
          container.getNodeId(),
          visible.devices());
    }
    return visible;
  }

  /** Takes the end of a container: its GPUs are free. */
  public void ended(String containerId) {
    gpuDevices.free(containerId);
  }

  /** Stops a container; one that has ended already is no error. */
  public void stop(Container container) {
    try {
      stopper.stopContainer(container.getId(), container.getNodeId());
    } catch (YarnException | IOException e) {
      LOG.info("Cannot stop {}: {}", container.getId(), e.getMessage());
    }
  }

  @Override
  public void close() {
    starter.stop();
    stopper.stop();
  }
}
