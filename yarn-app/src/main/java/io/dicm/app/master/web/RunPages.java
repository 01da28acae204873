package io.dicm.app.master.web;

import io.dicm.app.master.history.RunSnapshot;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/** What there is to see of a run that goes on, by path. Safe for use by many threads. */
final class RunPages {
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private final Supplier<RunSnapshot> run;
  private final JsonFiles json = new JsonFiles(new Configuration(false));
  private final RunPage page = new RunPage();
  private final Map<String, Function<RunSnapshot, Response>> pages =
      Map.of(
          "/", now -> Response.ok(Response.HTML, page.live(now)),
          "/conf", now -> Response.ok(Response.HTML, page.configuration(now)),
          "/api/run.json", now -> Response.ok(Response.JSON, lineOf(now)),
          "/api/parts.json", now -> Response.ok(Response.JSON, lineOf(page.parts(now))),
          "/metrics", now -> Response.ok(RunMetrics.CONTENT_TYPE, new RunMetrics().write(now)),
          "/style.css", now -> Response.ok(CSS, RunPage.styleSheet()),
          "/page.js", now -> Response.ok(SCRIPT, resource("page.js")));

  /**
   * @param run as it is now, with its details
   */
  RunPages(Supplier<RunSnapshot> run) {
    this.run = run;
  }

  /** What a path shows; nothing where there is none. */
  Optional<Response> at(String path) {
    return Optional.ofNullable(pages.get(path)).map(show -> show.apply(run.get()));
  }

  private String lineOf(Object value) {
    return json.oneLine(value) + "\n";
  }

  static String resource(String name) {
    try (InputStream in = RunPages.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
