package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.impl.YarnClientImpl;
import org.apache.hadoop.yarn.util.Records;
import org.junit.jupiter.api.Test;

class TestRunningApplications {
  private final ListingYarnClient yarn = new ListingYarnClient();
  private final RunningApplications applications = new RunningApplications(yarn);

  /** Answers for YARN with applications given beforehand. */
  private static final class ListingYarnClient extends YarnClientImpl {
    final List<ApplicationReport> reports = new ArrayList<>();

    @Override
    public List<ApplicationReport> getApplications(GetApplicationsRequest request)
        throws IOException {
      assertThat(request.getUsers())
          .containsExactly(UserGroupInformation.getCurrentUser().getShortUserName());
      assertThat(request.getApplicationStates())
          .doesNotContain(
              YarnApplicationState.FINISHED,
              YarnApplicationState.FAILED,
              YarnApplicationState.KILLED);
      return reports;
    }
  }

  @Test
  void anotherOfTheSameNameIsRefused() {
    yarn.reports.add(report(7, "dicm ablation spring-joint-seed1 in hdfs://a/w"));

    assertThatThrownBy(
            () -> applications.requireNone("dicm ablation spring-joint-seed1 in hdfs://a/w"))
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith("Cannot start 'dicm ablation spring-joint-seed1 in hdfs://a/w': ")
        .hasMessageEndingWith("end it: dicm kill application_1700000000000_0007")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.OUTPUT_EXISTS);
  }

  @Test
  void othersDoNotMatter() throws Exception {
    yarn.reports.add(report(7, "dicm ablation spring-joint-seed1 in hdfs://a/w"));

    applications.requireNone("dicm ablation spring-joint-seed1 in hdfs://a/other");
  }

  private static ApplicationReport report(int number, String name) {
    ApplicationReport report = Records.newRecord(ApplicationReport.class);
    report.setApplicationId(ApplicationId.newInstance(1_700_000_000_000L, number));
    report.setName(name);
    return report;
  }
}
