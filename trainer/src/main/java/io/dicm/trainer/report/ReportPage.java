package io.dicm.trainer.report;

import java.util.List;

/** Writes the page: one file that asks for nothing from anywhere and runs no script. */
final class ReportPage {
  private static final List<Section> SECTIONS =
      List.of(
          new SummarySection(),
          new TrainingSection(),
          new TrafficSection(),
          new CalibrationSection(),
          new SliceSection(),
          new AblationSection(),
          new ExampleSection(),
          new NeighborSection());

  /** The page, HTML and well-formed XML in UTF-8. */
  String write(RunReport report) {
    Markup out = new Markup();
    out.constant("<!DOCTYPE html>\n");
    out.element(
        "html",
        html -> {
          html.element("head", head -> head(head, report));
          html.line();
          html.element("body", body -> body(body, report));
        },
        "lang",
        "en",
        "xmlns",
        "http://www.w3.org/1999/xhtml");
    out.line();
    return out.toString();
  }

  private static void head(Markup head, RunReport report) {
    head.empty("meta", "charset", "utf-8");
    head.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    head.empty("meta", "name", "color-scheme", "content", "light dark");
    // Whatever a picture's name may try: nothing is loaded and nothing runs.
    head.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    head.element("title", "Run " + report.run() + " of " + report.date());
    head.element("style", style -> style.constant(StyleSheet.text()));
  }

  private static void body(Markup body, RunReport report) {
    body.element(
        "header",
        header -> {
          header.element(
              "h1",
              heading -> {
                heading.text("Run ");
                heading.element("bdi", report.run());
              });
          header.element("p", report.date() + " · " + report.workspace());
          header.element(
              "nav",
              navigation ->
                  navigation.element(
                      "ul",
                      list ->
                          SECTIONS.forEach(
                              section ->
                                  list.element(
                                      "li",
                                      item ->
                                          item.element(
                                              "a", section.title(), "href", "#" + section.id())))),
              "aria-label",
              "Parts of this page");
        });
    body.line();
    body.element(
        "main",
        main -> {
          for (Section section : SECTIONS) {
            main.element(
                "section",
                part -> {
                  part.element("h2", section.title(), "id", section.id() + "-heading");
                  section.write(part, report);
                },
                "id",
                section.id(),
                "aria-labelledby",
                section.id() + "-heading");
            main.line();
          }
        });
    body.element("footer", footer -> footer.element("p", "Made at " + report.madeAt() + "."));
  }
}
