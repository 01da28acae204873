package io.dicm.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.ApplicationConstants;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.ContainerLaunchContext;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * A YARN application whose only container, in the place of its application master, runs a shell
 * command.
 */
final class ShellApplication implements AutoCloseable {
  private static final Set<YarnApplicationState> FINAL =
      EnumSet.of(
          YarnApplicationState.FINISHED, YarnApplicationState.FAILED, YarnApplicationState.KILLED);

  private final YarnClient client;
  private final ApplicationId id;

  private ShellApplication(YarnClient client, ApplicationId id) {
    this.client = client;
    this.id = id;
  }

  static ShellApplication submit(Configuration configuration, int memoryMb, String shellCommand)
      throws IOException, YarnException {
    YarnClient client = YarnClient.createYarnClient();
    client.init(configuration);
    client.start();
    ApplicationSubmissionContext context =
        client.createApplication().getApplicationSubmissionContext();
    context.setApplicationName("shell");
    context.setResource(Resource.newInstance(memoryMb, 1));
    context.setMaxAppAttempts(1);
    context.setAMContainerSpec(
        ContainerLaunchContext.newInstance(
            Map.of(),
            Map.of(),
            List.of(shellCommand + " > " + ApplicationConstants.LOG_DIR_EXPANSION_VAR + "/stdout"),
            null,
            null,
            null));
    return new ShellApplication(client, client.submitApplication(context));
  }

  ApplicationId id() {
    return id;
  }

  /**
   * Waits for the end, which for want of a real application master is always a failure; what YARN
   * says of it.
   */
  String awaitDiagnostics() {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(this::report, report -> FINAL.contains(report.getYarnApplicationState()))
        .getDiagnostics();
  }

  private ApplicationReport report() throws IOException, YarnException {
    return client.getApplicationReport(id);
  }

  @Override
  public void close() {
    client.stop();
  }
}
