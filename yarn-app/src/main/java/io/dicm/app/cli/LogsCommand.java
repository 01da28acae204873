package io.dicm.app.cli;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.HashSet;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.logaggregation.ContainerLogsRequest;
import org.apache.hadoop.yarn.logaggregation.LogCLIHelpers;

/** Writes the aggregated logs of an application that has ended. */
final class LogsCommand implements Command {
  @Override
  public String name() {
    return "logs";
  }

  @Override
  public String summary() {
    return "logs of an application that has ended";
  }

  @Override
  public String arguments() {
    return "APPLICATION_ID";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public void run(CommandContext context, CommandLine line) throws IOException, UsageException {
    if (line.getArgs().length != 1) {
      throw new UsageException("logs needs one application id");
    }
    ApplicationId id = Applications.parse(line.getArgs()[0]);
    LogCLIHelpers logs = new LogCLIHelpers();
    logs.setConf(context.conf());
    ContainerLogsRequest request = new ContainerLogsRequest();
    request.setAppId(id);
    request.setAppOwner(UserGroupInformation.getCurrentUser().getShortUserName());
    request.setBytes(Long.MAX_VALUE);
    // No types: with some, Hadoop's shaded client would need classes that it lacks.
    request.setLogTypes(new HashSet<>());
    request.setAppFinished(true);
    if (logs.dumpAllContainersLogs(request) != 0) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot show logs of " + id + ": there are none yet, or log aggregation is off.");
    }
  }
}
