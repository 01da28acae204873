package io.dicm.app.master.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.master.history.RunSnapshot;
import io.dicm.common.json.JsonFiles;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationAccessType;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real server on the loopback address, asked by a real client. */
class TestGuardedHandler {
  private static final String HOST = "127.0.0.1";
  private static final String BASE = "/proxy/application_1_0001";
  private static final ApplicationId APPLICATION = ApplicationId.newInstance(1, 1);

  private final Configuration conf = new YarnConfiguration();
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private WebServer server;
  private ViewRights rights;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void proxyGetsEveryPageWithStrictHeaders() throws Exception {
    start(HOST + ":8088");

    for (String path :
        List.of(
            "/",
            "/conf",
            "/api/run.json",
            "/api/parts.json",
            "/metrics",
            "/style.css",
            "/page.js")) {
      HttpResponse<String> answer = get(path);

      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.body()).as(path).isNotBlank();
      assertThat(header(answer, "Content-Security-Policy"))
          .startsWith("default-src 'none';")
          .doesNotContain("unsafe");
      assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }
    assertThat(header(get("/metrics"), "Content-Type")).startsWith("text/plain; version=0.0.4");
    assertThat(get("/").body()).doesNotContain("<style").doesNotContain("style=\"");
    assertThat(get("/conf").body()).contains("password=&lt;redacted&gt;");
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/conf/../..//etc/passwd").statusCode()).isEqualTo(404);
  }

  @Test
  void jsonIsTheSnapshot() throws Exception {
    start(HOST + ":8088");

    RunSnapshot read = new JsonFiles(conf).parse(get("/api/run.json").body(), RunSnapshot.class);

    assertThat(read).isEqualTo(PlausibleRun.training());
  }

  @Test
  void headHasNoBodyAndOtherMethodsAreRefused() throws Exception {
    start(HOST + ":8088");

    HttpResponse<String> head = ask("HEAD", "/", "");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "Content-Type")).startsWith("text/html");
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
      HttpResponse<String> answer = ask(method, "/", "");
      assertThat(answer.statusCode()).as(method).isEqualTo(405);
      assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD");
    }
  }

  @Test
  void strangerIsSentToTheProxyOnceAndThenRefused() throws Exception {
    start("192.0.2.1:8088");

    HttpResponse<String> first = get("/conf?x=1");
    assertThat(first.statusCode()).isEqualTo(302);
    assertThat(header(first, "Location"))
        .isEqualTo("http://192.0.2.1:8088" + BASE + "/conf?x=1&redirected=true");
    assertThat(first.body()).doesNotContain("shop-a");

    HttpResponse<String> again = ask("GET", "/conf?x=1&redirected=true", "proxy-user=ann");
    assertThat(again.statusCode()).isEqualTo(403);
    assertThat(again.body()).contains("You came from 127.0.0.1").doesNotContain("shop-a");
  }

  @Test
  void onlyThoseWithRightsSeeTheRunWhereYarnChecksThem() throws Exception {
    conf.setBoolean(YarnConfiguration.YARN_ACL_ENABLE, true);
    conf.set(YarnConfiguration.YARN_ADMIN_ACL, "root");
    start(HOST + ":8088");

    assertThat(ask("GET", "/", "proxy-user=owner").statusCode()).isEqualTo(200);
    assertThat(ask("GET", "/", "proxy-user=viewer").statusCode()).isEqualTo(200);
    assertThat(ask("GET", "/", "a=b; proxy-user=root").statusCode()).isEqualTo(200);
    for (String cookie :
        List.of(
            "proxy-user=other",
            "proxy-user=",
            "user=owner",
            "",
            "proxy-user=owner; proxy-user=other",
            "proxy-user=%zz")) {
      HttpResponse<String> answer = ask("GET", "/api/run.json", cookie);
      assertThat(answer.statusCode()).as(cookie).isEqualTo(403);
      assertThat(answer.body()).contains("You may not see this application").doesNotContain("shop");
    }
  }

  @Test
  void nobodySeesAnythingBeforeTheListOfViewersIsKnown() throws Exception {
    rights = new ViewRights(conf, APPLICATION, "owner");
    server = new WebServer(HOST, handler(HOST + ":8088"));

    assertThat(get("/").statusCode()).isEqualTo(403);

    rights.know(Map.of());
    assertThat(get("/").statusCode()).isEqualTo(200);
  }

  @Test
  void failureIsNoLeak() throws Exception {
    rights = new ViewRights(conf, APPLICATION, "owner");
    rights.know(Map.of());
    server =
        new WebServer(
            HOST,
            new GuardedHandler(
                gate(HOST + ":8088"),
                rights,
                new RunPages(
                    () -> {
                      throw new IllegalStateException("secret place");
                    })));

    HttpResponse<String> answer = get("/");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("secret place");
  }

  @Test
  void threadsAreDaemonsAndEnd() throws Exception {
    start(HOST + ":8088");
    get("/");
    List<Thread> threads = webThreads();
    assertThat(threads).isNotEmpty().hasSizeLessThanOrEqualTo(4).allMatch(Thread::isDaemon);

    server.close();
    server = null;

    for (Thread thread : threads) {
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  private static List<Thread> webThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("dicm-master-web"))
        .toList();
  }

  private void start(String proxy) throws Exception {
    rights = new ViewRights(conf, APPLICATION, "owner");
    rights.know(Map.of(ApplicationAccessType.VIEW_APP, "viewer"));
    server = new WebServer(HOST, handler(proxy));
  }

  private GuardedHandler handler(String proxy) {
    return new GuardedHandler(gate(proxy), rights, new RunPages(PlausibleRun::training));
  }

  private ProxyGate gate(String proxy) {
    conf.set(YarnConfiguration.PROXY_ADDRESS, proxy);
    return ProxyGate.of(conf, BASE);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return ask("GET", path, "");
  }

  private HttpResponse<String> ask(String method, String path, String cookie) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + server.port() + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.noBody());
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
