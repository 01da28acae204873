package io.dicm.app.master.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dicm.app.master.history.RunSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages in a real browser. Pictures of them are kept in {@code target/screenshots}. Skipped
 * where no Chromium is on the search path.
 */
class TestRunPageInChromium {
  private static final String HOST = "127.0.0.1";
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final AtomicReference<RunSnapshot> run = new AtomicReference<>(PlausibleRun.training());
  private Chromium browser;
  private WebServer server;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws Exception {
    Optional<Path> program = Chromium.program();
    assumeTrue(program.isPresent(), "No Chromium or Chrome is on the search path: skipped");
    Configuration conf = new Configuration();
    ViewRights rights = new ViewRights(conf, ApplicationId.newInstance(1, 1), "owner");
    rights.know(Map.of());
    server =
        new WebServer(
            HOST,
            new GuardedHandler(
                new ProxyGate(List.of(HOST + ":1"), "http://", "", System::nanoTime),
                rights,
                new RunPages(run::get)));
    browser = Chromium.start(program.get(), Files.createDirectory(folder.resolve("profile")));
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void livePageUpdatesItselfAndKeepsWhatTheReaderOpened() {
    browser.open(address("/"));
    assertThat(text("#announcement")).isEqualTo("Stage train runs, 40\u00A0% are done.");
    browser.evaluate("document.getElementById('curves-table').open = true");
    browser.evaluate("document.querySelector('#curves-table > summary').focus()");
    browser.evaluate("document.querySelector('#stages .scroll').scrollLeft = 40");

    run.set(PlausibleRun.failed());

    awaitText("#announcement", "Stage train failed: CONTAINER_FAILED");
    awaitText("#summary", "Stage train failed. CONTAINER_FAILED: worker 1");
    assertThat(browser.evaluate("document.title")).contains(": failed, ");
    assertThat(browser.evaluate("document.getElementById('curves-table').open")).isEqualTo("true");
    assertThat(browser.evaluate("document.activeElement.tagName")).isEqualTo("SUMMARY");
    assertThat(browser.evaluate("document.querySelectorAll('#containers b').length"))
        .as("a container's words are no markup")
        .isEqualTo("0");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void updatesCanBePausedWithTheKeyboard() {
    browser.open(address("/"));
    browser.evaluate("document.getElementById('pause').focus()");
    browser.press("Enter", 13);
    assertThat(text("#pause")).isEqualTo("Go on with updates");

    run.set(PlausibleRun.failed());
    // The browser's own clock says that an update would have come.
    browser.evaluate("window.setTimeout(() => { document.title = 'later'; }, 4000)");
    awaitText("title", "later");
    assertThat(text("#announcement")).doesNotContain("Stage train failed");

    browser.press("Enter", 13);
    assertThat(text("#pause")).isEqualTo("Pause updates");
    awaitText("#announcement", "Stage train failed");
  }

  @Test
  void pausesInQuickSuccessionLeaveOneQuestionAtATime() {
    browser.open(address("/"));
    browser.evaluate("for (let i = 0; i < 10; i++) { document.getElementById('pause').click(); }");
    String asked =
        "performance.getEntriesByType('resource').filter(e => e.name.endsWith('parts.json')).length";
    browser.evaluate("window.setTimeout(() => { document.title = 'later'; }, 4000)");
    awaitText("title", "later");

    // Five goings on asked at once, and one interval has passed since.
    assertThat(Integer.parseInt(browser.evaluate(asked))).isBetween(5, 7);
  }

  @Test
  void endOfTheApplicationIsSaid() {
    browser.open(address("/"));

    server.close();
    server = null;

    awaitText("#announcement", "The application does not answer any more.");
  }

  @Test
  void everyTabStopIsSeenAndNamed() {
    browser.open(address("/"));
    browser.press("Tab", 9);

    assertThat(browser.evaluate("document.activeElement.className")).isEqualTo("skip");
    String nameless =
        "Array.from(document.querySelectorAll('a, button, summary, [tabindex=\"0\"]'))"
            + ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label'))).length";
    assertThat(browser.evaluate(nameless)).isEqualTo("0");
    assertThat(
            browser.evaluate(
                "Array.from(document.querySelectorAll('th')).every(e => e.getAttribute('scope'))"))
        .isEqualTo("true");
  }

  @Test
  void readsWellInLightAndDarkWideAndNarrow() throws Exception {
    for (String colors : List.of("light", "dark")) {
      for (int width : List.of(1280, 400)) {
        browser.look(colors, width, 900);
        browser.open(address("/"));

        assertThat(browser.evaluate(LOWEST_CONTRAST))
            .satisfies(
                lowest -> assertThat(Double.parseDouble(lowest)).as(colors).isGreaterThan(4.5));
        assertThat(browser.evaluate(WIDER_THAN_THE_PAGE))
            .as("only tables scroll sideways")
            .isEmpty();
        browser.screenshot(PICTURES.resolve("run-" + colors + "-" + width + ".png"));
        browser.open(address("/conf"));
        browser.screenshot(PICTURES.resolve("conf-" + colors + "-" + width + ".png"));
      }
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void archivedPageNeedsNothingElse() throws Exception {
    Path file = folder.resolve("run.html");
    Files.writeString(file, new RunPage().archived(PlausibleRun.failed()));
    for (String colors : List.of("light", "dark")) {
      browser.look(colors, 1280, 900);
      browser.open("file://" + file);

      assertThat(text("#summary")).contains("Stage train failed.");
      assertThat(browser.evaluate("performance.getEntriesByType('resource').length"))
          .isEqualTo("0");
      browser.screenshot(PICTURES.resolve("archived-" + colors + ".png"));
    }
    assertThat(browser.complaints()).isEmpty();
  }

  /** WCAG 2's contrast of every text with the nearest background that is not transparent. */
  private static final String LOWEST_CONTRAST =
      """
      (() => {
        const light = rgb => rgb.map(c => c / 255)
            .map(c => c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4))
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const parse = text => text.match(/[0-9.]+/g).map(Number);
        const behind = e => {
          for (let at = e; at; at = at.parentElement) {
            const color = parse(getComputedStyle(at).backgroundColor);
            if (color.length < 4 || color[3] > 0) { return color.slice(0, 3); }
          }
          return [255, 255, 255];
        };
        return Math.min(...Array.from(document.querySelectorAll('body *'))
          .filter(e => Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim())
              && e.tagName !== 'title')
          .map(e => {
            const style = getComputedStyle(e);
            const ink = parse(e.ownerSVGElement ? style.fill : style.color).slice(0, 3);
            const pair = [light(ink), light(behind(e))].sort((a, b) => b - a);
            return (pair[0] + 0.05) / (pair[1] + 0.05);
          }));
      })()
      """;

  private static final String WIDER_THAN_THE_PAGE =
      """
      Array.from(document.querySelectorAll('body *'))
        .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
            && !e.closest('.scroll') && !e.ownerSVGElement)
        .map(e => e.tagName + '.' + e.getAttribute('class'))
        .concat(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['page'] : [])
        .join(' ')
      """;

  private void awaitText(String selector, String part) {
    Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(text(selector)).contains(part));
  }

  private String text(String selector) {
    return browser.evaluate("document.querySelector('" + selector + "').textContent");
  }

  private String address(String path) {
    return "http://" + HOST + ":" + server.port() + path;
  }
}
