package io.dicm.app.master;

import io.dicm.app.container.ContainerIdentity;
import io.dicm.app.container.ProcessMemory;
import io.dicm.app.launch.ChildApplications;
import io.dicm.app.launch.ContainerConfiguration;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.InternalKeys;
import io.dicm.app.launch.LocalFiles;
import io.dicm.app.launch.RunPlaces;
import io.dicm.app.launch.StopMark;
import io.dicm.app.master.checkpoint.CheckpointSettings;
import io.dicm.app.master.history.RoleMemory;
import io.dicm.app.master.history.RunFacts;
import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.ShownConfiguration;
import io.dicm.app.master.history.StatusFile;
import io.dicm.app.master.launch.ContainerLauncher;
import io.dicm.app.master.launch.GpuDevices;
import io.dicm.app.master.membership.MasterServer;
import io.dicm.app.master.membership.MasterService;
import io.dicm.app.master.recovery.MasterAttempt;
import io.dicm.app.master.recovery.RunJournal;
import io.dicm.app.master.recovery.RunLeftovers;
import io.dicm.app.master.recovery.RunStateStore;
import io.dicm.app.master.rm.ResourceManagerSession;
import io.dicm.app.master.security.ApplicationTokens;
import io.dicm.app.master.security.KeytabTokens;
import io.dicm.app.master.security.TokenRenewal;
import io.dicm.app.master.stage.StageRunner;
import io.dicm.app.master.stage.Stages;
import io.dicm.app.master.stop.SignalStop;
import io.dicm.app.master.stop.StopMarkWatch;
import io.dicm.app.master.stop.StopRequest;
import io.dicm.app.master.table.ContainerTable;
import io.dicm.app.master.web.MasterWebPage;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.plan.ClusterSize;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.mapreduce.JobRunner;
import java.io.IOException;
import java.security.PrivilegedAction;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.hadoop.yarn.api.ApplicationConstants;
import org.apache.hadoop.yarn.api.ApplicationConstants.Environment;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entry point of the application master: wires its parts, runs the stages, and tells YARN how that
 * went. Whatever happens, its containers and MapReduce jobs do not outlive it.
 */
public final class ApplicationMaster {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationMaster.class);
  private static final int HOOK_PRIORITY = 50;
  private static final Duration CHILDREN_LIMIT = Duration.ofSeconds(30);

  private final Configuration conf;
  private final ContainerId containerId;
  private final PipelineSettings settings;
  private final RunHistory history;
  private final Path staging;
  private final MasterAttempt attempt;
  private final RunJournal journal;
  private final RunLeftovers leftovers;
  private final StopRequest stop = new StopRequest(Thread.currentThread());

  private ApplicationMaster(Configuration conf, ContainerId containerId) throws IOException {
    this.conf = conf;
    this.containerId = containerId;
    this.settings = PipelineSettings.from(conf);
    this.history =
        new RunHistory(
            applicationId(),
            settings,
            new RunFacts(
                UserGroupInformation.getCurrentUser().getShortUserName(),
                ShownConfiguration.of(conf)),
            System::currentTimeMillis);
    this.staging = new Path(conf.get(InternalKeys.STAGING));
    conf.set(DirectoryPublisher.OWNER, applicationId());
    this.attempt = MasterAttempt.of(containerId);
    if (!attempt.isFirst()) {
      // Too little memory for a small job ends this process, and would end every attempt alike.
      conf.set(DicmKeys.MAPREDUCE_LOCAL_INPUT_MB, "0");
    }
    this.journal = new RunJournal(new RunStateStore(conf, staging), history, attempt);
    this.leftovers = new RunLeftovers(conf, settings, applicationId());
  }

  /** Runs and ends the process. */
  public static void main(String[] arguments) {
    int status = ExitCode.INTERNAL_ERROR.status();
    try {
      ContainerId containerId =
          ContainerId.fromString(System.getenv(Environment.CONTAINER_ID.name()));
      PrivilegedExceptionAction<ExitCode> run =
          () -> new ApplicationMaster(ContainerConfiguration.load(), containerId).runToTheEnd();
      status = applicationUser().doAs(run).status();
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.error("The application master failed", e);
    } catch (InterruptedException e) {
      LOG.error("The application master was interrupted", e);
      Thread.currentThread().interrupt();
    }
    System.exit(status);
  }

  /**
   * Whose application it is. With Kerberos YARN says that: where the cluster has the default
   * container executor the process itself runs as the node manager's user.
   */
  private static UserGroupInformation applicationUser() throws IOException {
    UserGroupInformation login = UserGroupInformation.getCurrentUser();
    String name = System.getenv(Environment.USER.name());
    if (!UserGroupInformation.isSecurityEnabled()
        || name == null
        || name.equals(login.getShortUserName())) {
      return login;
    }
    UserGroupInformation user = UserGroupInformation.createRemoteUser(name);
    user.addCredentials(login.getCredentials());
    return user;
  }

  private ExitCode runToTheEnd() throws IOException, YarnException, InterruptedException {
    SignalStop signal =
        SignalStop.install(
            stop, HOOK_PRIORITY + 1, CheckpointSettings.of(DicmConfiguration.of(conf)).patience());
    try {
      return run();
    } finally {
      signal.ended();
    }
  }

  private ExitCode run() throws IOException, YarnException, InterruptedException {
    YarnClient yarn = YarnClient.createYarnClient();
    yarn.init(conf);
    yarn.start();
    if (ContainerSettings.asksForGpus(DicmConfiguration.of(conf))) {
      // This node's files may not name them; YARN's classes must know them before all else.
      ClusterSize.learnResourceTypes(yarn);
    }
    ChildApplications children =
        new ChildApplications(
            yarn, applicationId(), containerId.getApplicationAttemptId().getAttemptId());
    children.tag(conf);
    UserGroupInformation login = UserGroupInformation.getCurrentUser();
    PrivilegedAction<Void> killChildren =
        () -> {
          children.kill();
          return null;
        };
    // Hooks run on a thread of their own, which knows nothing of the user.
    ShutdownHookManager.get().addShutdownHook(() -> login.doAs(killChildren), HOOK_PRIORITY);
    ApplicationTokens tokens = new ApplicationTokens(login.getCredentials());
    tokens.give(login);
    MasterService service = new MasterService(tokens);
    Optional<ExitCode> outcome;
    String host = System.getenv(Environment.NM_HOST.name());
    try (MasterServer server = new MasterServer(host, service, ContainerIdentity.ofThisProcess());
        ResourceManagerSession resourceManager =
            new ResourceManagerSession(conf, history::progress, stop::lose);
        ContainerLauncher launcher = launcher(tokens, new GpuDevices(yarn));
        MasterWebPage page =
            new MasterWebPage(
                conf,
                containerId.getApplicationAttemptId().getApplicationId(),
                host,
                System.getenv(ApplicationConstants.APPLICATION_WEB_PROXY_BASE_ENV),
                history);
        StatusFile status = new StatusFile(conf, staging, history);
        StopMarkWatch owner = StopMarkWatch.start(new StopMark(conf, staging), stop)) {
      page.admit(
          resourceManager.register(host, server.port(), page.trackingUrl()).getApplicationACLs());
      outcome =
          tell(
              resourceManager,
              owner,
              () -> {
                takeOver(new ChildApplications(yarn, applicationId()));
                status.start();
                try (TokenRenewal renewal = renewal(tokens);
                    StopRequest.Scope stages = stop.open()) {
                  runAsContainerUser(
                      tokens,
                      new Stages(
                              DicmConfiguration.of(conf),
                              settings,
                              history,
                              journal,
                              stop,
                              resourceManager,
                              launcher,
                              service,
                              server)
                          .runner());
                }
              });
      children.kill();
    } finally {
      yarn.stop();
    }
    if (outcome.isPresent()) { // Else another attempt needs both.
      if (!attempt.isFirst() || stop.isAsked()) {
        leftovers.remove();
      }
      deleteStaging();
    }
    return outcome.orElse(ExitCode.KILLED);
  }

  /** The work of the application. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Works, keeps the history, and says the last word to the resource manager.
   *
   * @return nothing when another attempt goes on
   */
  private Optional<ExitCode> tell(
      ResourceManagerSession resourceManager, StopMarkWatch owner, Work work)
      throws IOException, YarnException {
    try {
      work.run();
      keepHistory();
      resourceManager.unregister(FinalApplicationStatus.SUCCEEDED, "All stages are done.");
      return Optional.of(ExitCode.OK);
    } catch (DicmException e) {
      LOG.error("The application failed", e);
      if (journal.isTakenOver()) {
        return Optional.empty();
      }
      keepHistory();
      resourceManager.unregister(FinalApplicationStatus.FAILED, e.oneLine());
      return Optional.of(e.code().exitCode());
    } catch (InterruptedException e) {
      // What is left to do would be cut by it.
      boolean unused = Thread.interrupted();
      if (owner.hasSeenIt() && !stop.isLost() && !journal.isTakenOver()) {
        LOG.info("The application ends on request", e);
        history.stopped();
        keepHistory();
        resourceManager.unregister(FinalApplicationStatus.KILLED, stop.answer());
        return Optional.of(ExitCode.KILLED);
      }
      // The history is the next attempt's, which may be at work already.
      LOG.error("The application is ended from outside", e);
      return Optional.empty();
    }
  }

  /**
   * A later attempt goes on where the one before was. YARN has ended that one's containers, but not
   * its MapReduce jobs, which may still write.
   */
  private void takeOver(ChildApplications children) throws InterruptedException {
    if (attempt.isFirst()) {
      return;
    }
    try {
      journal.resume();
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot go on after the application master was lost: " + e.getMessage(),
          e);
    }
    if (!children.killAll(CHILDREN_LIMIT)) {
      LOG.warn("MapReduce jobs of the attempt before still run after {}", CHILDREN_LIMIT);
    }
    leftovers.remove();
  }

  /**
   * Stages run with the credentials that containers have: a MapReduce job takes its submitter's
   * along, and the master's own token is for nobody else.
   */
  private static void runAsContainerUser(ApplicationTokens tokens, StageRunner stages)
      throws IOException, InterruptedException {
    UserGroupInformation user =
        UserGroupInformation.createRemoteUser(UserGroupInformation.getCurrentUser().getUserName());
    tokens.give(user);
    user.doAs(
        (PrivilegedExceptionAction<Void>)
            () -> {
              stages.run();
              return null;
            });
  }

  private TokenRenewal renewal(ApplicationTokens tokens) throws IOException, InterruptedException {
    if (!DicmConfiguration.of(conf).flag(DicmKeys.SECURITY_RENEW_BY_KEYTAB)
        || !UserGroupInformation.isSecurityEnabled()) {
      return null;
    }
    try {
      return TokenRenewal.start(
          new KeytabTokens(
              conf,
              conf.getTrimmed(DicmKeys.SECURITY_PRINCIPAL),
              LocalFiles.KEYTAB_FILE,
              RunPlaces.of(conf, settings, staging)),
          tokens);
    } catch (IOException | YarnException e) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot fetch tokens with the keytab of %s: %s."
              .formatted(conf.getTrimmed(DicmKeys.SECURITY_PRINCIPAL), e.getMessage()),
          e);
    }
  }

  private ContainerLauncher launcher(ApplicationTokens tokens, GpuDevices gpuDevices)
      throws IOException {
    return new ContainerLauncher(
        conf,
        new LocalFiles(conf)
            .resources(
                new Path(conf.get(JobRunner.APPLICATION_ARCHIVE)),
                new Path(staging, LocalFiles.CONFIGURATION_FILE)),
        tokens,
        gpuDevices);
  }

  private void keepHistory() {
    history.used(
        RoleMemory.of(
            "master",
            conf.getInt(DicmKeys.YARN_MASTER_MEMORY_MB, 0),
            ProcessMemory.peakResidentBytes()));
    try {
      RunSnapshot run =
          new RunFiles(conf)
              .publish(
                  history.detailed(), settings.workspace().runs(settings.date(), settings.run()));
      new ContainerTable(conf)
          .publish(run, settings.workspace().runContainers(settings.date(), settings.run()));
    } catch (IOException | RuntimeException e) {
      // The run's outcome stands; only its record is missing.
      LOG.warn("Cannot keep the run's history", e);
    }
  }

  private void deleteStaging() {
    try {
      staging.getFileSystem(conf).delete(staging, true);
    } catch (IOException e) {
      LOG.warn("Cannot delete {}: {}", staging, e.getMessage());
    }
  }

  private String applicationId() {
    return containerId.getApplicationAttemptId().getApplicationId().toString();
  }
}
