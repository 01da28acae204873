package io.dicm.app.cli;

import io.dicm.app.client.ApplicationSubmitter;
import io.dicm.app.launch.OwnApplications;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.yarn.api.protocolrecords.ApplicationsRequestScope;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Lists applications of DICM that YARN remembers. */
final class ListCommand implements Command {
  private static final String ALL = "all-users";
  private static final String LIVE = "live";
  private static final String LIMIT = "limit";
  private static final int DEFAULT_LIMIT = 20;

  @Override
  public String name() {
    return "list";
  }

  @Override
  public String summary() {
    return "your applications, the newest first, as far as YARN remembers";
  }

  @Override
  public Options options() {
    Options options =
        new Options()
            .addOption(LaunchOptions.flag(ALL, "those of all users whom you may see"))
            .addOption(LaunchOptions.flag(LIVE, "only those that have not ended"))
            .addOption(LaunchOptions.value(LIMIT, "N", "at most so many (" + DEFAULT_LIMIT + ")"));
    return OutputFormat.addTo(options);
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, UsageException {
    if (!line.getArgList().isEmpty()) {
      throw new UsageException("list takes no argument, was '" + line.getArgs()[0] + "'");
    }
    OutputFormat format = OutputFormat.of(line);
    int limit = limit(line);
    Instant now = Instant.now();
    try (Applications applications = new Applications(context)) {
      List<Map<String, String>> rows =
          applications.yarn().getApplications(request(line)).stream()
              .filter(report -> !line.hasOption(LIVE) || !ApplicationFields.hasEnded(report))
              .sorted(Comparator.comparing(ApplicationReport::getApplicationId).reversed())
              .limit(limit)
              .map(report -> ApplicationFields.of(report, now))
              .toList();
      context.out().print(format.write("applications", ApplicationFields.LISTED, rows));
    }
  }

  private static GetApplicationsRequest request(CommandLine line) throws IOException {
    GetApplicationsRequest request =
        line.hasOption(ALL) ? GetApplicationsRequest.newInstance() : OwnApplications.request();
    request.setApplicationTypes(Set.of(ApplicationSubmitter.TYPE));
    request.setScope(ApplicationsRequestScope.VIEWABLE);
    return request;
  }

  private static int limit(CommandLine line) throws UsageException {
    String text = line.getOptionValue(LIMIT, Integer.toString(DEFAULT_LIMIT));
    try {
      int limit = Integer.parseInt(text);
      if (limit > 0) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw new UsageException(wrongLimit(text));
    }
    throw new UsageException(wrongLimit(text));
  }

  private static String wrongLimit(String text) {
    return "--" + LIMIT + " was '" + text + "', needed is a whole number, 1 or more";
  }
}
