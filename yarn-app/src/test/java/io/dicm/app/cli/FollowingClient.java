package io.dicm.app.cli;

import io.dicm.app.client.ReportingYarnClient;
import io.dicm.app.client.SubmittedApplication;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.layout.Workspace;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;

/** The program of a test: follows an application that never ends. */
final class FollowingClient {
  static final String APPLICATION = "application_1700000000000_0007";

  private FollowingClient() {}

  public static void main(String[] arguments) throws Exception {
    ProcessExit.install(System.err);
    Configuration conf = new Configuration();
    conf.addResource("dicm-default.xml");
    ReportingYarnClient yarn =
        new ReportingYarnClient()
            .thenReport(YarnApplicationState.ACCEPTED, FinalApplicationStatus.UNDEFINED);
    PipelineSettings settings =
        new PipelineSettings(
            "daily", null, new Workspace(new Path("/w")), "2026-07-01", "a", StageName.all());
    new Applications(new CommandContext(conf, System.out, System.err), yarn)
        .follow(new SubmittedApplication(ApplicationId.fromString(APPLICATION), settings), false);
    ProcessExit.exit(0);
  }
}
