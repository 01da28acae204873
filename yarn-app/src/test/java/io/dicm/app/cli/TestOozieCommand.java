package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dicm.common.error.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestOozieCommand {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private String answer = "{\"id\":\"7-W\"}";
  private HttpServer server;

  @TempDir private Path folder;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/oozie/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          boolean login = exchange.getRequestMethod().equals("OPTIONS");
          if (!login) {
            bodies.add(new String(body, StandardCharsets.UTF_8));
          }
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, login ? -1 : bytes.length);
          if (!login) {
            exchange.getResponseBody().write(bytes);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void submitsAFileOfTheFolderWithWhatIsSet() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.properties"),
            "# comment\nappPath=${nameNode}/apps\ndate=2026-01-01\noozie.wf.application.path=/old\n");

    assertThat(
            run(
                "submit",
                file.toString(),
                "--app",
                "coordinator",
                "--set",
                "date=2026-01-02",
                "--set",
                "hiveJdbcUrl=",
                "--output",
                "properties"))
        .as(err.toString(StandardCharsets.UTF_8))
        .isZero();

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("job_id=7-W\n");
    assertThat(bodies.get(0))
        .contains("<value>${appPath}/coordinator.xml</value>")
        .contains("<name>oozie.coord.application.path</name>")
        .contains("<name>date</name><value>2026-01-02</value>")
        .contains("<name>hiveJdbcUrl</name><value></value>")
        .doesNotContain("oozie.wf.application.path");
  }

  @Test
  void statusHasEachStep() {
    answer =
        """
        {"id":"7-W","appName":"day","status":"RUNNING","actions":[
          {"name":"doctor","status":"OK","externalId":"application_1_0001"}]}
        """;

    assertThat(run("status", "7-W", "--output", "properties")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            job_id=7-W
            kind=workflow
            name=day
            status=RUNNING
            message=
            steps=1
            0.name=doctor
            0.status=OK
            0.runs=application_1_0001
            """);
    out.reset();
    assertThat(run("status", "7-W", "--output", "json")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"steps\":[{\"name\":\"doctor\",\"status\":\"OK\"");
  }

  @ParameterizedTest
  @CsvSource({
    "'', oozie needs submit",
    "submit, oozie needs submit",
    "stop 7-W, there is no 'oozie stop'",
    "submit FILE --set date, --set was 'date'",
    "submit FILE --app bundel, --app was 'bundel'",
  })
  void wrongUsageIsNamed(String line, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("job.properties"), "appPath=/apps\n");
    String[] arguments =
        line.isEmpty() ? new String[0] : line.replace("FILE", file.toString()).split(" ", -1);

    assertThat(run(arguments)).isEqualTo(ExitCode.USAGE.status());
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("USAGE: " + message);
    assertThat(bodies).isEmpty();
  }

  @Test
  void missingFileIsOneSentence() {
    assertThat(run("submit", "/no/such/file")).isEqualTo(ExitCode.BAD_DATA.status());
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("INPUT_MISSING: Cannot submit: there is no file /no/such/file.\n");
  }

  private int run(String... arguments) {
    String[] line = new String[arguments.length + 3];
    line[0] = "oozie";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    line[arguments.length + 1] = "-D";
    line[arguments.length + 2] =
        "dicm.oozie.url=http://127.0.0.1:" + server.getAddress().getPort() + "/oozie/";
    return Main.run(
        line,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
