package io.dicm.app.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationAttemptId;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.ContainerReport;
import org.apache.hadoop.yarn.util.Records;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asks a web server that answers as a node manager does. */
class TestNodeLogs {
  private static final ApplicationId ID = ApplicationId.newInstance(1_700_000_000_000L, 7);
  private static final ContainerId CONTAINER =
      ContainerId.newContainerId(ApplicationAttemptId.newInstance(ID, 1), 2);

  private final Map<String, String> files = new TreeMap<>();
  private final List<String> queries = new ArrayList<>();
  private HttpServer server;
  private int status = 200;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/ws/v1/node/containers/" + CONTAINER + "/logs/", this::answer);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void containerIsNamedByItsMemberFile() throws IOException {
    files.put("member", "server 1\n");
    files.put("stderr", "a line\n");

    try (NodeLogs logs = logs()) {
      List<LoggedContainer> containers = logs.containers();
      ByteArrayOutputStream out = new ByteArrayOutputStream();

      assertThat(containers)
          .containsExactly(new LoggedContainer(CONTAINER.toString(), "server 1", "localhost:4711"));
      assertThat(logs.write(containers.get(0), "stderr", 100, out)).isTrue();
      assertThat(logs.write(containers.get(0), "syslog", Long.MAX_VALUE, out)).isFalse();
      assertThat(out.toString(StandardCharsets.UTF_8)).contains("a line");
    }
    assertThat(queries.get(0)).as("the whole file").doesNotContain("size=");
    assertThat(queries.get(1)).startsWith("size=-100&user.name=");
  }

  @Test
  void filesAreListed() throws IOException {
    files.put("member", "server 1\n");
    files.put("dicm.log.2026-01-31-17", "early\n");

    try (NodeLogs logs = logs()) {
      assertThat(logs.files(logs.containers().get(0)))
          .containsExactlyInAnyOrder("member", "dicm.log.2026-01-31-17");
    }
  }

  @Test
  void containerWithoutMemberFileHasNoName() throws IOException {
    try (NodeLogs logs = logs()) {
      assertThat(logs.containers()).extracting(LoggedContainer::member).containsExactly("");
    }
  }

  @Test
  void refusalNamesTicketAndAccessList() {
    status = 403;

    try (NodeLogs logs = logs()) {
      assertThatThrownBy(logs::containers)
          .isInstanceOf(DicmException.class)
          .hasMessageContainingAll("it refused you (HTTP status 403)", "kinit", "view-acl")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    }
  }

  @Test
  void nodesThatFailAreUnavailable() {
    LoggedContainer container = new LoggedContainer(CONTAINER.toString(), "", "");
    status = 500;
    assertFails(logs -> logs.write(container, "stdout", 1, System.out), "HTTP status 500");

    server.stop(0);
    assertFails(
        logs -> logs.write(container, "stdout", 1, System.out),
        "Cannot read the logs of " + CONTAINER);
  }

  @Test
  void nodeThatFailsIsAskedOnceAndHidesNoOther() throws IOException {
    files.put("member", "server 1\n");
    HttpServer broken =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger asked = new AtomicInteger();
    broken.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    broken.start();
    try (NodeLogs logs =
        new NodeLogs(
            new Configuration(),
            ID,
            List.of(
                container(
                    ContainerId.newContainerId(CONTAINER.getApplicationAttemptId(), 8), broken),
                container(
                    ContainerId.newContainerId(CONTAINER.getApplicationAttemptId(), 9), broken),
                container(CONTAINER, server)))) {
      assertThat(logs.containers())
          .extracting(LoggedContainer::member)
          .containsExactlyInAnyOrder("", "", "server 1");
    } finally {
      broken.stop(0);
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void applicationThatHasNotStartedIsOneSentence() {
    try (NodeLogs logs = new NodeLogs(new Configuration(), ID, List.of())) {
      assertThatThrownBy(logs::containers)
          .isInstanceOf(DicmException.class)
          .hasMessage("Cannot show logs of %s: no container of it runs yet.", ID);
    }
  }

  /** A question to a node. */
  private interface Question {
    void ask(NodeLogs logs) throws IOException;
  }

  private void assertFails(Question question, String message) {
    try (NodeLogs logs = logs()) {
      assertThatThrownBy(() -> question.ask(logs))
          .isInstanceOf(DicmException.class)
          .hasMessageContaining(message)
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    }
  }

  private NodeLogs logs() {
    return new NodeLogs(new Configuration(), ID, List.of(container(CONTAINER, server)));
  }

  private static ContainerReport container(ContainerId id, HttpServer node) {
    ContainerReport report = Records.newRecord(ContainerReport.class);
    report.setContainerId(id);
    report.setNodeHttpAddress("http://127.0.0.1:" + node.getAddress().getPort());
    return report;
  }

  /** As a node manager does that is asked for JSON. */
  private void list(HttpExchange exchange) throws IOException {
    assertThat(exchange.getRequestHeaders().getFirst("Accept")).isEqualTo("application/json");
    String listed =
        files.keySet().stream()
            .map("{\"fileName\":\"%s\",\"fileSize\":\"9\"}"::formatted)
            .collect(Collectors.joining(","));
    byte[] body =
        "{\"containerLogsInfo\":[{\"containerLogInfo\":[%s],\"containerId\":\"%s\"}]}"
            .formatted(listed, CONTAINER)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    queries.add(String.valueOf(exchange.getRequestURI().getQuery()));
    if (name.isEmpty()) {
      list(exchange);
      return;
    }
    String content = files.get(name);
    int answered = status == 200 && content == null ? 404 : status;
    byte[] body =
        """
        Container: %s on localhost:4711
        LogAggregationType: LOCAL
        ===================
        LogType:%s
        LogLastModifiedTime:Thu Nov 26 10:00:00 +0000 2026
        LogLength:9
        LogContents:
        %s
        End of LogType:%s. This log file belongs to a running container (%s) and so may not be complete.
        """
            .formatted(CONTAINER, name, content, name, CONTAINER)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answered, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
