package io.dicm.app.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.impl.YarnClientImpl;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.util.Records;

/** Answers for YARN with reports given beforehand; the last one stays. */
public final class ReportingYarnClient extends YarnClientImpl {
  private final Deque<Callable<ApplicationReport>> answers = new ArrayDeque<>();

  /** Adds a report. */
  public ReportingYarnClient thenReport(
      YarnApplicationState state, FinalApplicationStatus finalStatus) {
    ApplicationReport report = Records.newRecord(ApplicationReport.class);
    report.setYarnApplicationState(state);
    report.setFinalApplicationStatus(finalStatus);
    report.setQueue("default");
    answers.add(() -> report);
    return this;
  }

  /** Adds a failure. */
  public ReportingYarnClient thenFail(IOException failure) {
    answers.add(
        () -> {
          throw failure;
        });
    return this;
  }

  @Override
  public ApplicationReport getApplicationReport(ApplicationId id)
      throws YarnException, IOException {
    Callable<ApplicationReport> answer = answers.size() == 1 ? answers.peek() : answers.pop();
    try {
      return answer.call();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Answers throw nothing else", e);
    }
  }
}
