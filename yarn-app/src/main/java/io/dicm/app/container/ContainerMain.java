package io.dicm.app.container;

import io.dicm.app.launch.ContainerConfiguration;
import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.Order;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import io.dicm.common.error.StreamFailures;
import io.dicm.feature.device.GpuFailures;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.hadoop.yarn.api.ApplicationConstants.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entry point of every container: {@code ContainerMain ROLE INDEX MASTER}. It registers at the
 * master, does its role's work and tells how that went; the exit status says it again.
 */
public final class ContainerMain {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerMain.class);
  private static final int STOP_GRACE_SECONDS = 10;

  private final Member member;
  private final String masterAddress;
  private final String containerId;
  private final Thread worker = Thread.currentThread();

  private ContainerMain(Member member, String masterAddress, String containerId) {
    this.member = member;
    this.masterAddress = masterAddress;
    this.containerId = containerId;
  }

  /** Runs and ends the process. */
  public static void main(String[] arguments) {
    Member member = new Member(Role.of(arguments[0]), Integer.parseInt(arguments[1]));
    ContainerMain main =
        new ContainerMain(member, arguments[2], System.getenv(Environment.CONTAINER_ID.name()));
    int status = main.run().status();
    LOG.info("{} ends with exit status {}", member, status);
    // Native threads and gRPC's must not keep the process.
    Runtime.getRuntime().halt(status);
  }

  private ExitCode run() {
    Configuration conf = ContainerConfiguration.load();
    try {
      ContainerIdentity identity = ContainerIdentity.ofThisProcess();
      try (MasterLink master = new MasterLink(masterAddress, identity)) {
        return run(master, master.register(containerId), DicmConfiguration.of(conf), identity);
      }
    } catch (DicmException e) {
      LOG.error("{} cannot start: {}", member, e.oneLine(), e);
      return e.code().exitCode();
    } catch (IOException e) {
      LOG.error("{} cannot start", member, e);
      return ExitCode.ENVIRONMENT;
    }
  }

  private ExitCode run(
      MasterLink master, Assignment assignment, DicmConfiguration conf, ContainerIdentity identity)
      throws IOException {
    MemberStatus status = new MemberStatus(containerId);
    Orders orders = new Orders();
    ReceivedTokens tokens = new ReceivedTokens(UserGroupInformation.getCurrentUser());
    try (Heartbeats heartbeats =
            new Heartbeats(
                master, status, orders, tokens, assignment, this::stop, this::masterLost);
        GpuReports gpus = new GpuReports(status::gpus)) {
      RoleContext context =
          new RoleContext(
              member,
              conf,
              PipelineSettings.from(conf.hadoop()),
              assignment,
              identity,
              host(),
              status,
              orders,
              heartbeats::now,
              gpus,
              new MasterLeases(master, containerId, assignment.getSilenceLimitMs()));
      return work(context);
    }
  }

  private ExitCode work(RoleContext context) {
    try {
      LOG.info("{} begins in {}", member, containerId);
      program().run(context);
      return ExitCode.OK;
    } catch (Orders.StoppedException | InterruptedException e) {
      LOG.info("{} was stopped by the master", member);
      return ExitCode.OK;
    } catch (DicmException e) {
      return failed(context, e);
    } catch (IOException e) {
      return failed(context, storage(e));
    } catch (RuntimeException e) {
      return failed(
          context,
          StreamFailures.reason(e) instanceof IOException hidden ? storage(hidden) : unexpected(e));
    } catch (LinkageError e) {
      return failed(context, unexpected(e));
    }
  }

  private static DicmException storage(IOException e) {
    return new DicmException(ErrorCode.STORAGE_FAILED, "Cannot go on: " + e.getMessage() + ".", e);
  }

  private static DicmException unexpected(Throwable e) {
    return GpuFailures.named("go on", e)
        .orElseGet(() -> new DicmException(ErrorCode.INTERNAL, "Unexpected: " + e + ".", e));
  }

  private ExitCode failed(RoleContext context, DicmException failure) {
    if (context.orders().latest() == Order.STOP) {
      LOG.info("{} was stopped by the master at its work", member, failure);
      return ExitCode.OK;
    }
    if (ShutdownHookManager.get().isShutdownInProgress()) {
      // Ended from outside: what breaks now is not the cause, and YARN will tell that.
      LOG.info("{} was ended at its work", member, failure);
      return ExitCode.KILLED;
    }
    LOG.error("{} failed: {}", member, failure.oneLine(), failure);
    context.status().failed(failure);
    return failure.code().exitCode();
  }

  private RoleProgram program() {
    return switch (member.role()) {
      case SERVER -> new ServerProgram();
      case WORKER -> new WorkerProgram();
      case PREDICTOR -> new PredictorProgram();
    };
  }

  private static String host() {
    String host = System.getenv(Environment.NM_HOST.name());
    return host == null ? "localhost" : host;
  }

  /** Called when the master says stop: the work is interrupted, and cut off if it does not end. */
  private void stop() {
    worker.interrupt();
    Thread cutOff = new Thread(this::cutOff, "dicm-cut-off");
    cutOff.setDaemon(true);
    cutOff.start();
  }

  private void cutOff() {
    try {
      TimeUnit.SECONDS.sleep(STOP_GRACE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.warn("{} did not end in {} s after the master's stop", member, STOP_GRACE_SECONDS);
    Runtime.getRuntime().halt(ExitCode.OK.status());
  }

  private void masterLost() {
    LOG.error("{} has not heard from the master for too long and ends itself", member);
    Runtime.getRuntime().halt(ExitCode.KILLED.status());
  }
}
