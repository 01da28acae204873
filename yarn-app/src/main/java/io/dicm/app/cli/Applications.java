package io.dicm.app.cli;

import io.dicm.app.client.ApplicationFollower;
import io.dicm.app.client.ApplicationProgress;
import io.dicm.app.client.ApplicationSubmitter;
import io.dicm.app.client.IncrementalRun;
import io.dicm.app.client.SubmittedApplication;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
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
    this(context, YarnClient.createYarnClient());
  }

  Applications(CommandContext context, YarnClient yarn) {
    this.context = context;
    this.yarn = yarn;
    yarn.init(context.conf());
    yarn.start();
  }

  YarnClient yarn() {
    return yarn;
  }

  SubmittedApplication submit(PipelineSettings settings) throws IOException, YarnException {
    new IncrementalRun(context.conf(), settings).prepare().ifPresent(context.err()::println);
    SubmittedApplication application =
        new ApplicationSubmitter(yarn, context.conf()).submit(settings);
    ProcessExit.onSignal(ErrorCode.CLIENT_GAVE_UP, goesOn(application.id()));
    context
        .err()
        .println(
            application.joined()
                ? "Nothing submitted: %s (%s) has the same key"
                    .formatted(application.id(), application.settings().name())
                : "Submitted " + application.id() + " (" + settings.name() + ")");
    return application;
  }

  /**
   * Follows an application to its end.
   *
   * @param killOnExit whether it dies with this process
   */
  RunSnapshot follow(SubmittedApplication application, boolean killOnExit)
      throws IOException, InterruptedException {
    return follow(
        application, killOnExit, new RunProgress(ProgressBar.onStandardError(context.err())));
  }

  /** As {@link #follow(SubmittedApplication, boolean)}, shown in another way. */
  RunSnapshot follow(
      SubmittedApplication application, boolean killOnExit, ApplicationProgress progress)
      throws IOException, InterruptedException {
    ApplicationFollower follower =
        new ApplicationFollower(yarn, context.conf(), application, progress);
    Runnable hook = () -> leave(follower, application.id(), killOnExit);
    ShutdownHookManager hooks = ShutdownHookManager.get();
    try {
      hooks.addShutdownHook(hook, HOOK_PRIORITY);
    } catch (IllegalStateException e) {
      // A signal came just before: the process ends while this thread goes on following.
      return follower.follow();
    }
    try {
      return follower.follow();
    } finally {
      if (!hooks.isShutdownInProgress()) {
        hooks.removeShutdownHook(hook);
      }
    }
  }

  /** The ID that is the only argument of a command. */
  static ApplicationId argument(String command, CommandLine line) throws UsageException {
    if (line.getArgs().length != 1) {
      throw new UsageException(command + " needs one application id");
    }
    return parse(line.getArgs()[0]);
  }

  private static ApplicationId parse(String text) throws UsageException {
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

  private static String goesOn(ApplicationId id) {
    return "%s goes on. Watch it: dicm status %s; end it: dicm kill %s".formatted(id, id, id);
  }

  /** At a signal. */
  private static void leave(ApplicationFollower follower, ApplicationId id, boolean killOnExit) {
    if (!killOnExit) {
      ProcessExit.onSignal(ErrorCode.CLIENT_GAVE_UP, goesOn(id));
      return;
    }
    try {
      follower.kill();
      ProcessExit.onSignal(ErrorCode.INTERRUPTED, "Killed " + id + ".");
    } catch (IOException | YarnException e) {
      ProcessExit.onSignal(
          ErrorCode.CLIENT_GAVE_UP, "Cannot kill " + id + ": " + e.getMessage() + ".");
    }
  }
}
