package io.dicm.app.doctor;

import io.dicm.app.launch.ContainerCredentials;
import io.dicm.app.launch.LocalFiles;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.process.ContainerRuntime;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.Master;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.yarn.api.ApplicationConstants;
import org.apache.hadoop.yarn.api.protocolrecords.AllocateResponse;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.Container;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.ContainerLaunchContext;
import org.apache.hadoop.yarn.api.records.ContainerStatus;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.Priority;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.api.records.YarnApplicationAttemptState;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.AMRMClient;
import org.apache.hadoop.yarn.client.api.AMRMClient.ContainerRequest;
import org.apache.hadoop.yarn.client.api.NMClient;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.client.api.YarnClientApplication;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.security.AMRMTokenIdentifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application whose master is this process (YARN's unmanaged application master), so nothing is
 * uploaded. One container on each node runs a few lines of shell and ends with an error on purpose:
 * YARN's word on a container that failed has the end of its stderr. For one thread.
 */
final class NodeProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeProbe.class);
  private static final int MEMORY_MB = 128;
  private static final int EXIT_STATUS = 77;
  private static final long PAUSE_MS = 200;
  private static final Set<YarnApplicationState> ENDED =
      EnumSet.of(
          YarnApplicationState.FAILED, YarnApplicationState.KILLED, YarnApplicationState.FINISHED);

  private final YarnClient yarn;
  private final Configuration conf;
  private final ApplicationId id;
  private final ContainerLaunchContext command;
  private final long deadlineNs;
  private final AMRMClient<ContainerRequest> master = AMRMClient.createAMRMClient();
  private final NMClient nodes = NMClient.createNMClient("dicm-doctor");
  private boolean started;
  private boolean registered;

  private NodeProbe(
      YarnClient yarn,
      Configuration conf,
      ApplicationId id,
      ContainerLaunchContext command,
      Duration wait) {
    this.yarn = yarn;
    this.conf = conf;
    this.id = id;
    this.command = command;
    this.deadlineNs = System.nanoTime() + wait.toNanos();
  }

  /** Submits the application; closing the probe ends it. */
  static NodeProbe submit(YarnClient yarn, Configuration conf, Duration wait)
      throws IOException, YarnException {
    YarnClientApplication application = yarn.createApplication();
    ApplicationSubmissionContext context = application.getApplicationSubmissionContext();
    context.setApplicationName("dicm doctor");
    context.setApplicationType("DICM");
    context.setQueue(conf.getTrimmed(DicmKeys.YARN_QUEUE));
    context.setUnmanagedAM(true);
    context.setMaxAppAttempts(1);
    context.setResource(Resource.newInstance(MEMORY_MB, 1));
    context.setAMContainerSpec(
        ContainerLaunchContext.newInstance(Map.of(), Map.of(), List.of(), null, null, null));
    // While this process's own user is there: the master's may not ask a file system.
    ContainerLaunchContext command = command(conf);
    yarn.submitApplication(context);
    return new NodeProbe(yarn, conf, context.getApplicationId(), command, wait);
  }

  /**
   * What a container on each node said; nothing of nodes that gave none in time.
   *
   * @return by host and port
   */
  Map<String, Optional<String>> ask() throws IOException, YarnException, InterruptedException {
    UserGroupInformation user = asMaster();
    try {
      return user.doAs((PrivilegedExceptionAction<Map<String, Optional<String>>>) this::askNodes);
    } catch (UndeclaredThrowableException e) {
      if (e.getCause() instanceof YarnException refused) {
        throw refused;
      }
      throw e;
    }
  }

  /** A user with the master's token alone, so that this process's own user stays as it is. */
  private UserGroupInformation asMaster() throws IOException, YarnException, InterruptedException {
    Token<AMRMTokenIdentifier> token = null;
    while (token == null) {
      ApplicationReport report = yarn.getApplicationReport(id);
      if (ENDED.contains(report.getYarnApplicationState())) {
        throw new DicmException(
            ErrorCode.NO_RESOURCES, "YARN ended " + id + ": " + report.getDiagnostics());
      }
      if (isLaunched(report)) {
        token = yarn.getAMRMToken(id);
      }
      if (token == null) {
        pause();
      }
    }
    UserGroupInformation user =
        UserGroupInformation.createRemoteUser(
            UserGroupInformation.getCurrentUser().getShortUserName());
    user.addToken(token);
    return user;
  }

  private boolean isLaunched(ApplicationReport report) throws IOException, YarnException {
    return report.getYarnApplicationState() == YarnApplicationState.ACCEPTED
        && report.getCurrentApplicationAttemptId() != null
        && yarn.getApplicationAttemptReport(report.getCurrentApplicationAttemptId())
                .getYarnApplicationAttemptState()
            == YarnApplicationAttemptState.LAUNCHED;
  }

  private void pause() throws InterruptedException {
    if (isOver()) {
      throw new DicmException(
          ErrorCode.NO_RESOURCES,
          "The queue did not take the application " + id + " in time; is it full?");
    }
    Thread.sleep(PAUSE_MS);
  }

  private boolean isOver() {
    return System.nanoTime() > deadlineNs;
  }

  private Map<String, Optional<String>> askNodes()
      throws IOException, YarnException, InterruptedException {
    master.init(conf);
    master.start();
    nodes.init(conf);
    nodes.cleanupRunningContainersOnStop(true);
    nodes.start();
    started = true;
    master.registerApplicationMaster("", -1, "");
    registered = true;
    Map<String, Optional<String>> answers = new TreeMap<>();
    Map<String, ContainerRequest> open = new LinkedHashMap<>();
    for (NodeReport node : yarn.getNodeReports(NodeState.RUNNING)) {
      answers.put(node.getNodeId().toString(), Optional.empty());
      ContainerRequest request = request(node.getNodeId().getHost(), open.size());
      open.put(node.getNodeId().toString(), request);
      master.addContainerRequest(request);
    }
    Map<ContainerId, String> running = new HashMap<>();
    List<ContainerId> superfluous = new ArrayList<>();
    while (!isOver() && answers.containsValue(Optional.<String>empty())) {
      AllocateResponse response = master.allocate(0);
      for (Container container : response.getAllocatedContainers()) {
        String node = container.getNodeId().toString();
        ContainerRequest request = open.remove(node);
        if (request == null) {
          superfluous.add(container.getId()); // Two nodes of one host: the other's turn.
        } else {
          master.removeContainerRequest(request);
          running.put(container.getId(), node);
          nodes.startContainer(container, command);
        }
      }
      superfluous.forEach(master::releaseAssignedContainer);
      superfluous.clear();
      for (ContainerStatus status : response.getCompletedContainersStatuses()) {
        String node = running.get(status.getContainerId());
        if (node != null) {
          answers.put(node, Optional.of(status.getDiagnostics()));
        }
      }
      Thread.sleep(PAUSE_MS);
    }
    return answers;
  }

  /** Each with a priority of its own: YARN lumps requests of one priority together. */
  private static ContainerRequest request(String host, int number) {
    return ContainerRequest.newBuilder()
        .capability(Resource.newInstance(MEMORY_MB, 1))
        .nodes(new String[] {host})
        .relaxLocality(false)
        .priority(Priority.newInstance(number))
        .build();
  }

  private static ContainerLaunchContext command(Configuration conf) throws IOException {
    String script = HostFacts.script() + "exit " + EXIT_STATUS + "\n";
    String encoded = Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8));
    // As letters: YARN puts a command into a shell script, in quotes.
    String command =
        "echo %s | base64 -d | sh 2> %s/stderr"
            .formatted(encoded, ApplicationConstants.LOG_DIR_EXPANSION_VAR);
    ContainerRuntime runtime = ContainerRuntime.of(conf);
    return ContainerLaunchContext.newInstance(
        new LocalFiles(conf).of(runtime),
        runtime.variables(),
        List.of(command),
        null,
        tokens(conf, runtime),
        null);
  }

  /** With which a node fetches the archive of Java; none where there is none, or no Kerberos. */
  private static ByteBuffer tokens(Configuration conf, ContainerRuntime runtime)
      throws IOException {
    if (runtime.jdkArchive().isEmpty() || !UserGroupInformation.isSecurityEnabled()) {
      return null;
    }
    Credentials credentials =
        ContainerCredentials.withoutMasterToken(
            UserGroupInformation.getCurrentUser().getCredentials());
    if (System.getenv(UserGroupInformation.HADOOP_TOKEN_FILE_LOCATION) == null) {
      runtime
          .jdkArchive()
          .get()
          .getFileSystem(conf)
          .addDelegationTokens(Master.getMasterPrincipal(conf), credentials);
    }
    return ContainerCredentials.serialize(credentials);
  }

  @Override
  public void close() throws IOException, YarnException {
    try {
      if (started) {
        nodes.stop();
      }
      if (registered) {
        master.unregisterApplicationMaster(FinalApplicationStatus.SUCCEEDED, "", "");
      }
    } finally {
      master.stop();
      if (!registered) {
        LOG.info("Ending {}, which was not taken", id);
        yarn.killApplication(id);
      }
    }
  }
}
