package io.dicm.app.oozie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestOozieClient {
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Configuration conf = new Configuration(false);
  private HttpServer server;
  private int status = 200;
  private String answer = "";
  private String refusal = "";

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/oozie/", this::serve);
    server.start();
    conf.set("dicm.oozie.url", "http://127.0.0.1:" + server.getAddress().getPort() + "/oozie");
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (!exchange.getRequestMethod().equals("OPTIONS")) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    }
    if (!refusal.isEmpty()) {
      exchange.getResponseHeaders().add("oozie-error-message", refusal);
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    boolean login = exchange.getRequestMethod().equals("OPTIONS");
    exchange.sendResponseHeaders(
        login ? 200 : status, login || bytes.length == 0 ? -1 : bytes.length);
    if (!login) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Test
  void submitsTheJobsPropertiesInTheUsersName() throws IOException {
    status = 201;
    answer = "{\"id\":\"0000001-26-oozie-W\"}";

    String id = client().submit(Map.of("date", "2026-01-02", "appPath", "${nameNode}/a&b"));

    assertThat(id).isEqualTo("0000001-26-oozie-W");
    assertThat(requests).hasSize(1);
    assertThat(requests.get(0))
        .startsWith("POST /oozie/v2/jobs?action=start")
        .contains("<name>date</name><value>2026-01-02</value>")
        .contains("<value>${nameNode}/a&amp;b</value>")
        .contains("<name>user.name</name><value>ann</value>");
  }

  @Test
  void workflowHasItsActionsAndTheLastMessage() throws IOException {
    answer =
        """
        {"id":"1-W","appName":"dicm-2026-01-02","status":"KILLED","actions":[
          {"name":":start:","status":"OK","externalId":"-","errorMessage":null},
          {"name":"pipeline","status":"OK","externalId":"application_1_0001"},
          {"name":"ranks-badly","status":"OK","externalId":null,"errorMessage":"Its GAUC\\n is 0.4."}]}
        """;

    OozieJob job = client().job("1-W");

    assertThat(requests.get(0)).startsWith("GET /oozie/v2/job/1-W?show=info");
    assertThat(job.name()).isEqualTo("dicm-2026-01-02");
    assertThat(job.kind()).isEqualTo(JobKind.WORKFLOW);
    assertThat(job.hasEnded()).isTrue();
    assertThat(job.message()).isEqualTo("Its GAUC is 0.4.");
    assertThat(job.steps())
        .extracting(OozieJob.Step::runs)
        .containsExactly("", "application_1_0001", "");
  }

  @Test
  void coordinatorsAndBundlesHaveTheirParts() throws IOException {
    answer =
        """
        {"coordJobId":"2-C","coordJobName":"dicm-daily","status":"RUNNING","actions":[
          {"id":"2-C@1","nominalTime":"Thu, 01 Jan 2026","status":"SUCCEEDED","externalId":"3-W"}]}
        """;
    OozieJob coordinator = client().job("2-C");
    answer =
        """
        {"bundleJobId":"4-B","bundleJobName":"dicm","status":"RUNNING","bundleCoordJobs":[
          {"coordJobId":"2-C","coordJobName":"dicm-daily","status":"PREP"}]}
        """;
    OozieJob bundle = client().job("4-B");

    assertThat(coordinator.name()).isEqualTo("dicm-daily");
    assertThat(coordinator.hasEnded()).isFalse();
    assertThat(coordinator.steps())
        .containsExactly(new OozieJob.Step("Thu, 01 Jan 2026", "SUCCEEDED", "3-W", ""));
    assertThat(bundle.name()).isEqualTo("dicm");
    assertThat(bundle.steps()).containsExactly(new OozieJob.Step("dicm-daily", "PREP", "2-C", ""));
  }

  @Test
  void killsByAnEmptyPut() throws IOException {
    client().kill("1-W");

    assertThat(requests).hasSize(1);
    assertThat(requests.get(0)).startsWith("PUT /oozie/v2/job/1-W?action=kill");
  }

  @Test
  void refusalIsInOoziesWords() {
    status = 400;
    refusal = "E0504: App directory [/apps] does not exist";

    assertFails(
        ErrorCode.CONFIGURATION_INVALID, "refused: E0504: App directory [/apps] does not exist.");
    status = 401;
    refusal = "";
    assertFails(ErrorCode.AUTHENTICATION_FAILED, "it does not let you in");
    status = 500;
    assertFails(ErrorCode.SERVICE_UNAVAILABLE, "HTTP status 500");
  }

  @Test
  void answerOfSomethingElseIsNamed() {
    answer = "<html>";

    assertFails(ErrorCode.SERVICE_UNAVAILABLE, "its answer is no JSON");
  }

  @Test
  void serverThatIsNotThereIsUnavailable() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      conf.set("dicm.oozie.url", "http://127.0.0.1:" + free.getLocalPort() + "/oozie/");
    }

    assertFails(ErrorCode.SERVICE_UNAVAILABLE, "Cannot ask Oozie at http://127.0.0.1:");
  }

  @Test
  void addressIsNeeded() {
    conf.set("dicm.oozie.url", "oozie.example.com");

    assertFails(ErrorCode.CONFIGURATION_INVALID, "dicm.oozie.url was 'oozie.example.com'");
  }

  private void assertFails(ErrorCode code, String message) {
    assertThatThrownBy(() -> client().job("1-W"))
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  private OozieClient client() {
    return OozieClient.of(conf, "ann");
  }
}
