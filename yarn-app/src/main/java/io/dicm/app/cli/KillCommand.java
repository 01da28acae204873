package io.dicm.app.cli;

import io.dicm.app.client.ApplicationKill;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Ends an application and its MapReduce jobs. */
final class KillCommand implements Command {
  private static final String AFTER_CHECKPOINT = "after-checkpoint";

  @Override
  public String name() {
    return "kill";
  }

  @Override
  public String summary() {
    return "end an application and its MapReduce jobs";
  }

  @Override
  public String arguments() {
    return "APPLICATION_ID";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            Option.builder()
                .longOpt(AFTER_CHECKPOINT)
                .desc("ask it to end by itself, a training with its next checkpoint")
                .build());
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, InterruptedException, UsageException {
    ApplicationId id = Applications.argument(name(), line);
    try (Applications applications = new Applications(context)) {
      ApplicationKill kill = new ApplicationKill(applications.yarn(), context.conf());
      if (line.hasOption(AFTER_CHECKPOINT)) {
        context.err().println(kill.stop(id));
      } else {
        kill.kill(id);
        context.err().println("Killed " + id);
      }
    } catch (ApplicationNotFoundException e) {
      throw Applications.unknown(id, e);
    }
  }
}
