package io.dicm.app.master.web;

import io.dicm.app.master.history.RunSnapshot;
import io.dicm.trainer.report.Markup;
import io.dicm.trainer.report.StyleSheet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a run as a page. Live it has a small script that asks for its parts anew; archived it is
 * one file that asks for nothing from anywhere and runs no script. HTML and well-formed XML, in
 * UTF-8. Safe for use by many threads.
 */
public final class RunPage {
  private static final List<PagePart> LIVE =
      List.of(new SummaryPart(), new StagesPart(), new TrainingPart(), new ContainersPart());
  private static final PagePart CONFIGURATION = new ConfigurationPart();
  private static final List<PagePart> ARCHIVED =
      Stream.concat(LIVE.stream(), Stream.of(CONFIGURATION)).toList();

  /** The whole as one file, from a run's history. */
  public String archived(RunSnapshot run) {
    return page(
        run,
        head -> {
          // Whatever a history may contain: nothing is loaded and nothing runs.
          head.empty(
              "meta",
              "http-equiv",
              "Content-Security-Policy",
              "content",
              "default-src 'none'; style-src 'unsafe-inline'");
          head.element("style", style -> style.constant(styleSheet()));
        },
        body -> {
          header(body, run, false);
          main(body, run, ARCHIVED);
          body.element(
              "footer",
              footer ->
                  footer.element(
                      "p",
                      "From the run’s history, as it was at "
                          + Words.moment(run.page().madeAtMs())
                          + ". Logs: dicm logs "
                          + run.applicationId()));
        });
  }

  /** The page of a run that goes on. */
  String live(RunSnapshot run) {
    return page(
        run,
        head -> {
          files(head);
          head.element("script", "", "src", "page.js", "defer", "defer");
        },
        body -> {
          header(body, run, true);
          main(body, run, LIVE);
          footer(body);
        });
  }

  /** The configuration on a page of its own. */
  String configuration(RunSnapshot run) {
    return page(
        run,
        RunPage::files,
        body -> {
          body.element(
              "header",
              header -> {
                title(header, run);
                header.element(
                    "nav",
                    links -> links.element("p", p -> p.element("a", "The run", "href", "./")),
                    "aria-label",
                    "Pages");
              });
          main(body, run, List.of(CONFIGURATION));
        });
  }

  /** The parts of the live page by id, and what else changes. */
  Map<String, Object> parts(RunSnapshot run) {
    Map<String, String> parts = new LinkedHashMap<>();
    for (PagePart part : LIVE) {
      Markup out = new Markup();
      part.write(out, run);
      parts.put(part.id(), out.toString());
    }
    return Map.of("title", title(run), "announcement", Words.announcement(run), "parts", parts);
  }

  /** For light and dark, screens and print. */
  static String styleSheet() {
    return StyleSheet.text() + RunPages.resource("run.css");
  }

  private static void files(Markup head) {
    head.empty("link", "rel", "stylesheet", "href", "style.css");
    // None, so that no browser asks for one.
    head.empty("link", "rel", "icon", "href", "data:,");
  }

  private static String page(RunSnapshot run, Markup.Content head, Markup.Content body) {
    Markup out = new Markup();
    out.constant("<!DOCTYPE html>\n");
    out.element(
        "html",
        html -> {
          html.element(
              "head",
              inner -> {
                inner.empty("meta", "charset", "utf-8");
                inner.empty(
                    "meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
                inner.empty("meta", "name", "color-scheme", "content", "light dark");
                inner.element("title", title(run));
                head.write(inner);
              });
          html.line();
          html.element("body", body);
        },
        "lang",
        "en",
        "xmlns",
        "http://www.w3.org/1999/xhtml");
    out.line();
    return out.toString();
  }

  private static String title(RunSnapshot run) {
    return "Run "
        + run.run()
        + " of "
        + run.date()
        + ": "
        + Words.name(run.outcome())
        + ", "
        + Words.percent(run.progress());
  }

  private static void header(Markup body, RunSnapshot run, boolean live) {
    body.element("a", "To the content", "href", "#content", "class", "skip");
    body.element(
        "header",
        header -> {
          title(header, run);
          header.element(
              "nav",
              links -> links.element("ul", list -> links(list, live)),
              "aria-label",
              "Parts of this page");
          if (live) {
            updates(header, run);
          }
        });
    body.line();
  }

  private static void title(Markup header, RunSnapshot run) {
    header.element(
        "h1",
        heading -> {
          heading.text("Run ");
          heading.element("bdi", run.run());
        });
    header.element(
        "p",
        line -> {
          line.text(run.date() + " · pipeline ");
          line.element("bdi", run.name());
          line.text(" · " + run.applicationId());
          if (!run.page().user().isEmpty()) {
            line.text(" · of ");
            line.element("bdi", run.page().user());
          }
        });
  }

  private static void links(Markup list, boolean live) {
    for (PagePart part : LIVE) {
      link(list, part.title(), "#" + part.id());
    }
    if (live) {
      link(list, CONFIGURATION.title(), "conf");
      link(list, "JSON", "api/run.json");
      link(list, "Metrics", "metrics");
    } else {
      link(list, CONFIGURATION.title(), "#" + CONFIGURATION.id());
    }
  }

  private static void link(Markup list, String text, String place) {
    list.element("li", item -> item.element("a", text, "href", place));
  }

  /** What is said of updates; without a script there are none, and no button. */
  private static void updates(Markup header, RunSnapshot run) {
    header.element(
        "p",
        line -> {
          line.element(
              "button", "Pause updates", "type", "button", "id", "pause", "hidden", "hidden");
          line.text(" ");
          line.element(
              "span", "As of " + Words.moment(run.page().madeAtMs()) + ".", "id", "updated");
        },
        "class",
        "updates");
    header.element(
        "p",
        Words.announcement(run),
        "id",
        "announcement",
        "role",
        "status",
        "aria-live",
        "polite");
  }

  private static void main(Markup body, RunSnapshot run, List<PagePart> parts) {
    body.element(
        "main",
        main -> {
          for (PagePart part : parts) {
            main.element(
                "section",
                section -> {
                  section.element("h2", part.title(), "id", part.id() + "-heading");
                  section.element(
                      "div", content -> part.write(content, run), "id", part.id() + "-content");
                },
                "id",
                part.id(),
                "aria-labelledby",
                part.id() + "-heading");
            main.line();
          }
        },
        "id",
        "content",
        "tabindex",
        "-1");
  }

  private static void footer(Markup body) {
    body.element(
        "footer",
        footer ->
            footer.element(
                "p", "Afterwards the same page is made of the run’s history: dicm history --html"));
  }
}
