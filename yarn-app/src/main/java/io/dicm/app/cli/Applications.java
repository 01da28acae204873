package io.dicm.app.cli;

import io.dicm.app.client.ApplicationFollower;
import io.dicm.app.client.ApplicationSubmitter;
import io.dicm.app.client.SubmittedApplication;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** A command's session with YARN. Closing it leaves applications running. */
final class Applications implements AutoCloseable {
  private static final int HOOK_PRIORITY = 50;

  private final CommandContext context;
  private final YarnClient yarn;

  Applications(CommandContext context) {
    this.context = context;
    this.yarn = YarnClient.createYarnClient();
    yarn.init(context.conf());
    yarn.start();
  }

  YarnClient yarn() {
    return yarn;
  }

  SubmittedApplication submit(PipelineSettings settings) throws IOException, YarnException {
    SubmittedApplication application =
        new ApplicationSubmitter(yarn, context.conf()).submit(settings);
    context.err().println("Submitted " + application.id() + " (" + settings.name() + ")");
    return application;
  }

  /**
   * Follows an application to its end.
   *
   * @param killOnExit whether it dies with this process
   */
  RunSnapshot follow(SubmittedApplication application, boolean killOnExit)
      throws IOException, YarnException, InterruptedException {
    ApplicationFollower follower =
        new ApplicationFollower(
            yarn,
            context.conf(),
            application,
            new RunProgress(ProgressBar.onStandardError(context.err())));
    Runnable hook = () -> leave(follower, application, killOnExit);
    ShutdownHookManager hooks = ShutdownHookManager.get();
    hooks.addShutdownHook(hook, HOOK_PRIORITY);
    try {
      return follower.follow();
    } finally {
      if (!hooks.isShutdownInProgress()) {
        hooks.removeShutdownHook(hook);
      }
    }
  }

  /** The ID that a user wrote. */
  static ApplicationId parse(String text) throws UsageException {
    try {
      return ApplicationId.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "'" + text + "' is no application id such as application_1700000000000_0001");
    }
  }

  /** An application that YARN does not know. */
  static DicmException unknown(ApplicationId id, Exception cause) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID, "Cannot find " + id + ": YARN does not know it.", cause);
  }

  @Override
  public void close() {
    yarn.stop();
  }

  private void leave(
      ApplicationFollower follower, SubmittedApplication application, boolean killOnExit) {
    if (!killOnExit) {
      context
          .err()
          .println(
              "\n"
                  + application.id()
                  + " goes on. Watch it: dicm status "
                  + application.id()
                  + "; end it: dicm kill "
                  + application.id());
      return;
    }
    try {
      follower.kill();
      context.err().println("\nKilled " + application.id());
    } catch (IOException | YarnException e) {
      context.err().println("\nCannot kill " + application.id() + ": " + e.getMessage());
    }
  }
}
