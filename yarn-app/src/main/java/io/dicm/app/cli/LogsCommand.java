package io.dicm.app.cli;

import io.dicm.app.launch.MemberFile;
import io.dicm.app.launch.ProcessLog;
import io.dicm.app.launch.Role;
import io.dicm.app.logs.AggregatedLogs;
import io.dicm.app.logs.LogSource;
import io.dicm.app.logs.LoggedContainer;
import io.dicm.app.logs.NodeLogs;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.ContainerReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.logaggregation.LogCLIHelpers;

/** Writes logs of an application: of its containers that run, or of all after its end. */
final class LogsCommand implements Command {
  private static final String ROLE = "role";
  private static final String CONTAINER = "container";
  private static final String FILE = "file";
  private static final String TAIL = "tail-bytes";

  /** The last is that of MapReduce's containers. */
  private static final List<String> FILES = List.of("stdout", "stderr", ProcessLog.NAME, "syslog");

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public String summary() {
    return "logs of an application: of its running containers, or of all after its end";
  }

  @Override
  public String arguments() {
    return "APPLICATION_ID";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            LaunchOptions.value(
                ROLE, "ROLE", "only those of one role: " + String.join(", ", roles())))
        .addOption(LaunchOptions.value(CONTAINER, "ID", "only those of one container"))
        .addOption(
            LaunchOptions.value(
                FILE, "NAME", "only files of this name (" + String.join(", ", FILES) + ")"))
        .addOption(LaunchOptions.value(TAIL, "N", "only the last N bytes of each file"));
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, UsageException {
    ApplicationId id = Applications.argument(name(), line);
    String role = line.getOptionValue(ROLE);
    if (role != null && !roles().contains(role)) {
      throw new UsageException(
          "--" + ROLE + " was '" + role + "', allowed is " + String.join(", ", roles()));
    }
    long tailBytes = tailBytes(line);
    try (Applications applications = new Applications(context);
        LogSource source =
            source(context, applications.yarn(), id, line.getOptionValue(CONTAINER))) {
      List<LoggedContainer> containers = containers(source, id, role, line);
      write(context, source, containers, Optional.ofNullable(line.getOptionValue(FILE)), tailBytes);
    }
  }

  private static LogSource source(
      CommandContext context, YarnClient yarn, ApplicationId id, String container)
      throws IOException, YarnException {
    try {
      ApplicationReport report = yarn.getApplicationReport(id);
      if (ApplicationFields.hasEnded(report)) {
        return new AggregatedLogs(context.conf(), id, report.getUser());
      }
      boolean started = report.getYarnApplicationState() == YarnApplicationState.RUNNING;
      return new NodeLogs(
          context.conf(),
          id,
          started
              ? wanted(yarn.getContainers(report.getCurrentApplicationAttemptId()), container)
              : List.of());
    } catch (ApplicationNotFoundException e) {
      // YARN forgets an application sooner than HDFS its logs.
      String user = UserGroupInformation.getCurrentUser().getShortUserName();
      String owner = LogCLIHelpers.getOwnerForAppIdOrNull(id, user, context.conf());
      return new AggregatedLogs(context.conf(), id, owner == null ? user : owner);
    }
  }

  /** One container alone, so that no other node is asked; all when it is none of them. */
  private static List<ContainerReport> wanted(List<ContainerReport> running, String container) {
    List<ContainerReport> one =
        running.stream()
            .filter(report -> report.getContainerId().toString().equals(container))
            .toList();
    return one.isEmpty() ? running : one;
  }

  private static List<LoggedContainer> containers(
      LogSource source, ApplicationId id, String role, CommandLine line) throws IOException {
    String wanted = line.getOptionValue(CONTAINER);
    List<LoggedContainer> all = source.containers();
    List<LoggedContainer> chosen =
        all.stream()
            .filter(container -> role == null || container.hasRole(role))
            .filter(container -> wanted == null || container.id().equals(wanted))
            .toList();
    if (chosen.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot show such logs of %s: there are those of %s."
              .formatted(
                  id, String.join(", ", all.stream().map(LogsCommand::description).toList())));
    }
    return chosen;
  }

  /** What can be read is written, even if one node does not answer. */
  private static void write(
      CommandContext context,
      LogSource source,
      List<LoggedContainer> containers,
      Optional<String> file,
      long tailBytes)
      throws IOException {
    List<DicmException> failures = new ArrayList<>();
    boolean written = false;
    for (LoggedContainer container : containers) {
      context.out().println("== " + description(container) + " ==");
      try {
        for (String one : file.isPresent() ? List.of(file.get()) : shown(source, container)) {
          written |= source.write(container, one, tailBytes, context.out());
        }
      } catch (DicmException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      failures.stream().skip(1).forEach(failure -> context.err().println(failure.oneLine()));
      throw failures.get(0);
    }
    if (!written) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot show logs: none of these containers has "
              + file.orElseGet(() -> String.join(", ", FILES))
              + ".");
    }
  }

  /** What is shown of a container without a choice: the log's finished files before the last. */
  private static List<String> shown(LogSource source, LoggedContainer container)
      throws IOException {
    List<String> names = source.files(container);
    List<String> shown = new ArrayList<>();
    for (String name : FILES) {
      if (name.equals(ProcessLog.NAME)) {
        names.stream().filter(one -> one.startsWith(name + ".")).sorted().forEach(shown::add);
      }
      if (names.contains(name)) {
        shown.add(name);
      }
    }
    return shown;
  }

  private static String description(LoggedContainer container) {
    String member = container.member().isEmpty() ? "" : container.member() + ", ";
    return member + container.id() + (container.node().isEmpty() ? "" : " on " + container.node());
  }

  private static List<String> roles() {
    List<String> roles = new ArrayList<>(List.of(MemberFile.MASTER));
    Arrays.stream(Role.values()).map(Role::label).forEach(roles::add);
    return roles;
  }

  private static long tailBytes(CommandLine line) throws UsageException {
    String text = line.getOptionValue(TAIL);
    if (text == null) {
      return Long.MAX_VALUE;
    }
    try {
      long bytes = Long.parseLong(text);
      if (bytes > 0) {
        return bytes;
      }
    } catch (NumberFormatException e) {
      throw new UsageException(wrongTail(text));
    }
    throw new UsageException(wrongTail(text));
  }

  private static String wrongTail(String text) {
    return "--" + TAIL + " was '" + text + "', needed is a whole number, 1 or more";
  }
}
