package io.dicm.app.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.api.records.ApplicationAttemptId;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.NodeId;
import org.apache.hadoop.yarn.logaggregation.AggregatedLogFormat.LogKey;
import org.apache.hadoop.yarn.logaggregation.AggregatedLogFormat.LogValue;
import org.apache.hadoop.yarn.logaggregation.AggregatedLogFormat.LogWriter;
import org.apache.hadoop.yarn.logaggregation.filecontroller.LogAggregationFileControllerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads what Hadoop's own writer of aggregated logs wrote. */
class TestAggregatedLogs {
  private static final ApplicationId ID = ApplicationId.newInstance(1_700_000_000_000L, 7);

  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private String user;

  @BeforeEach
  void configure() throws IOException {
    user = UserGroupInformation.getCurrentUser().getShortUserName();
    conf.set("yarn.nodemanager.remote-app-log-dir", folder.resolve("remote").toUri().toString());
  }

  @Test
  void containersAreNamedByTheirMember() throws Exception {
    write(
        Map.of(
            container(1), Map.of("member", "master\n", "stderr", "the master's\n"),
            container(2), Map.of("member", "server 0\n", "stderr", "the server's\n"),
            container(3), Map.of("stderr", "of no member\n")));

    List<LoggedContainer> containers = logs().containers();

    assertThat(containers)
        .extracting(LoggedContainer::id)
        .containsExactly(container(1).toString(), container(2).toString(), container(3).toString());
    assertThat(containers)
        .extracting(LoggedContainer::member)
        .containsExactly("master", "server 0", "");
    assertThat(containers.get(1).hasRole("server")).isTrue();
    assertThat(containers.get(1).hasRole("serve")).isFalse();
    assertThat(containers.get(0).hasRole("master")).isTrue();
    assertThat(containers.get(2).hasRole("server")).isFalse();
  }

  @Test
  void oneFileOfOneContainerIsWritten() throws Exception {
    write(
        Map.of(
            container(1), Map.of("member", "master\n", "stderr", "the master's\n"),
            container(2), Map.of("member", "server 0\n", "stderr", "the server's\n")));
    AggregatedLogs logs = logs();
    LoggedContainer server = logs.containers().get(1);

    assertThat(written(logs, server, "stderr", Long.MAX_VALUE))
        .contains("LogType:stderr", "the server's")
        .doesNotContain("the master's", "LogType:member");
    assertThat(written(logs, server, "stderr", 5)).contains("er's").doesNotContain("the server's");
    assertThat(logs.write(server, "syslog", Long.MAX_VALUE, new ByteArrayOutputStream())).isFalse();
  }

  /** As where YARN collects logs while applications run: a node has a file for each time. */
  @Test
  void filesOfSeveralTimesAreThoseOfOneContainer() throws Exception {
    write(Map.of(container(1), Map.of("dicm.log.2026-01-31-17", "early\n")), "_1700000000001");
    write(
        Map.of(container(1), Map.of("member", "master\n", "dicm.log", "late\n")), "_1700000000002");
    AggregatedLogs logs = logs();

    List<LoggedContainer> containers = logs.containers();

    assertThat(containers).hasSize(1);
    assertThat(logs.files(containers.get(0)))
        .containsExactly("dicm.log", "dicm.log.2026-01-31-17", "member");
    assertThat(written(logs, containers.get(0), "dicm.log.2026-01-31-17", Long.MAX_VALUE))
        .contains("early");
    assertThat(written(logs, containers.get(0), "dicm.log", Long.MAX_VALUE)).contains("late");
  }

  @Test
  void applicationWithoutLogsIsOneSentence() {
    assertThatThrownBy(() -> logs().containers())
        .isInstanceOf(DicmException.class)
        .hasMessage("Cannot show logs of %s: there are none yet, or log aggregation is off.", ID)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  private AggregatedLogs logs() {
    return new AggregatedLogs(conf, ID, user);
  }

  private static String written(
      AggregatedLogs logs, LoggedContainer container, String file, long tailBytes)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(logs.write(container, file, tailBytes, out)).isTrue();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ContainerId container(int number) {
    return ContainerId.newContainerId(ApplicationAttemptId.newInstance(ID, 1), number);
  }

  /** Aggregates log files of containers of one node, as a node manager does. */
  private void write(Map<ContainerId, Map<String, String>> containers) throws Exception {
    write(containers, "");
  }

  private void write(Map<ContainerId, Map<String, String>> containers, String time)
      throws Exception {
    java.nio.file.Path local = folder.resolve("local");
    Path remote =
        new LogAggregationFileControllerFactory(conf)
            .getFileControllerForWrite()
            .getRemoteNodeLogFileForApp(ID, user, NodeId.newInstance("node1", 4711))
            .suffix(time);
    Files.createDirectories(java.nio.file.Path.of(remote.toUri().getPath()).getParent());
    try (LogWriter writer = new LogWriter()) {
      writer.initialize(conf, remote, UserGroupInformation.getCurrentUser());
      writer.writeApplicationOwner(user);
      for (Map.Entry<ContainerId, Map<String, String>> container : containers.entrySet()) {
        java.nio.file.Path logs =
            Files.createDirectories(
                local.resolve(ID.toString()).resolve(container.getKey().toString()));
        for (Map.Entry<String, String> file : container.getValue().entrySet()) {
          Files.writeString(logs.resolve(file.getKey()), file.getValue());
        }
        writer.append(
            new LogKey(container.getKey()),
            new LogValue(List.of(local.toString()), container.getKey(), user));
        for (String file : container.getValue().keySet()) {
          Files.delete(logs.resolve(file));
        }
      }
    }
  }
}
