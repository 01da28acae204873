package io.dicm.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.server.ServerTraffic;
import io.dicm.ams.server.TrafficClass;
import io.dicm.trainer.ablation.AblationReport;
import io.dicm.trainer.ablation.ControlVerdict;
import io.dicm.trainer.ablation.Estimate;
import io.dicm.trainer.ablation.ResultRow;
import io.dicm.trainer.ablation.ResultTable;
import io.dicm.trainer.ablation.RowKind;
import io.dicm.trainer.ablation.SliceGain;
import io.dicm.trainer.ablation.SliceRow;
import io.dicm.trainer.ablation.SliceTable;
import io.dicm.trainer.evaluate.Decile;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.Interval;
import io.dicm.trainer.evaluate.SliceMetrics;
import io.dicm.trainer.report.ExampleImpressions.Attended;
import io.dicm.trainer.report.ExampleImpressions.Example;
import io.dicm.trainer.report.NearestNeighbors.Neighbor;
import io.dicm.trainer.report.NearestNeighbors.Query;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.train.TrainingCurve;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class TestReportPage {
  private static final List<Decile> DECILES =
      List.of(new Decile(1, 10, .1, .12), new Decile(10, 10, .9, .8));
  private static final String HOSTILE = "\"><script>alert('&amp;')</script>";
  private static final byte[] JPEG = {1, 2, 3};

  @Test
  void everyPartIsThereAndWellFormed() throws Exception {
    String page = new ReportPage().write(report());
    Document parsed = Xml.parse(page);

    assertThat(page).startsWith("<!DOCTYPE html>");
    assertThat(parsed.getDocumentElement().getAttribute("lang")).isEqualTo("en");
    assertThat(Xml.elements(parsed, "h1")).hasSize(1);
    assertThat(texts(parsed, "h2"))
        .containsExactly(
            "Summary",
            "Training",
            "Bytes moved",
            "Calibration",
            "Slices",
            "Ablation and cold start",
            "What attention looked at",
            "Nearest neighbours");
    assertThat(texts(parsed, "h3")).contains("Cold start", "Controls", "Clicked", "Not clicked");
    List<String> ids =
        Xml.elements(parsed, "*").stream()
            .map(element -> element.getAttribute("id"))
            .filter(id -> !id.isEmpty())
            .toList();
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(Xml.elements(parsed, "a"))
        .hasSize(8)
        .allSatisfy(link -> assertThat(ids).contains(link.getAttribute("href").substring(1)));
  }

  @Test
  void thePageIsAccessible() throws Exception {
    Document parsed = Xml.parse(new ReportPage().write(report()));

    assertThat(Xml.elements(parsed, "table"))
        .isNotEmpty()
        .allSatisfy(
            table -> {
              assertThat(table.getElementsByTagName("caption").getLength()).isOne();
              assertThat(table.getElementsByTagName("caption").item(0).getTextContent())
                  .isNotEmpty();
            });
    assertThat(Xml.elements(parsed, "th"))
        .allSatisfy(heading -> assertThat(heading.getAttribute("scope")).isNotEmpty());
    assertThat(Xml.elements(parsed, "svg"))
        .hasSizeGreaterThan(5)
        .allSatisfy(TestReportPage::assertDescribed);
    assertThat(Xml.elements(parsed, "img"))
        .allSatisfy(image -> assertThat(image.getAttribute("alt")).isNotEmpty());
  }

  private static void assertDescribed(Element svg) {
    if (!svg.getAttribute("aria-hidden").equals("true")) {
      assertThat(svg.getAttribute("role")).isEqualTo("img");
      assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isNotEmpty();
    }
  }

  @Test
  void nothingOfTheUsersDataIsMarkup() throws Exception {
    String page = new ReportPage().write(report());
    Document parsed = Xml.parse(page);

    assertThat(Xml.elements(parsed, "script")).isEmpty();
    assertThat(page).doesNotContain("<script");
    assertThat(texts(parsed, "bdi")).contains(HOSTILE);
    assertThat(texts(parsed, "th")).contains(HOSTILE);
    assertThat(Xml.elements(parsed, "img"))
        .extracting(image -> image.getAttribute("title"))
        .contains(HOSTILE);
    assertThat(Xml.elements(parsed, "*"))
        .allSatisfy(
            element -> {
              for (int i = 0; i < element.getAttributes().getLength(); i++) {
                assertThat(element.getAttributes().item(i).getNodeName()).doesNotStartWith("on");
              }
            });
  }

  @Test
  void calibrationIsShownByDecileOfEveryPart() throws Exception {
    Document parsed = Xml.parse(new ReportPage().write(report()));

    Element table =
        Xml.elements(parsed, "table").stream()
            .filter(one -> one.getTextContent().startsWith("Mean prediction divided by click rate"))
            .findFirst()
            .orElseThrow();
    Element row = (Element) table.getElementsByTagName("tr").item(4);
    assertThat(row.getElementsByTagName("th").item(0).getTextContent()).isEqualTo(HOSTILE);
    NodeList cells = row.getElementsByTagName("td");
    assertThat(IntStream.range(0, cells.getLength()).mapToObj(cells::item))
        .extracting(Node::getTextContent)
        .containsExactly("0.833", "–", "–", "–", "–", "–", "–", "–", "–", "1.125");
  }

  @Test
  void nothingIsAskedFor() throws Exception {
    String page = new ReportPage().write(report());
    Document parsed = Xml.parse(page);

    assertThat(page.replace("http://www.w3.org/1999/xhtml", ""))
        .doesNotContain("http:")
        .doesNotContain("https:")
        .doesNotContain("url(")
        .doesNotContain("@import");
    assertThat(Xml.elements(parsed, "link")).isEmpty();
    assertThat(Xml.elements(parsed, "img"))
        .allSatisfy(image -> assertThat(image.getAttribute("src")).startsWith("data:image/jpeg"));
    assertThat(page)
        .contains(
            "prefers-color-scheme: dark",
            "@media print",
            "default-src 'none'".replace("'", "&#39;"));
  }

  @Test
  void figuresAreShownWithTheirIntervals() throws Exception {
    Document parsed = Xml.parse(new ReportPage().write(report()));

    assertThat(texts(parsed, "dd")).contains("0.6700", "0.6600 – 0.6800");
    assertThat(texts(parsed, "td")).contains("+0.0050", "+0.0010 to +0.0090", "\u22120.0050");
    assertThat(texts(parsed, "strong")).contains("+0.0050", "As it must be: ");
    assertThat(texts(parsed, "dd")).contains("16.4\u00A0MB", "1.05\u00A0MB", "16");
    assertThat(texts(parsed, "p"))
        .anyMatch(text -> text.contains("Outlined ones are in both rows: 1.0 of 2"));
    assertThat(texts(parsed, "span"))
        .contains("image 0.500", "id \u22120.250", "× 3", "score 0.750");
  }

  @Test
  void withoutAnythingThereAreSentences() throws Exception {
    RunReport empty =
        new RunReport(
            "r",
            "2026-03-01",
            "file:/w",
            "now",
            new Part.Absent<>("No model here."),
            new Part.Absent<>("No samples here."),
            new Part.Absent<>("No metrics here."),
            new Part.Absent<>("No curve here."),
            new Part.Absent<>("No traffic here."),
            new Part.Absent<>("No ablation here."),
            new Part.Absent<>("No impressions here."),
            new Part.Absent<>("No neighbours here."),
            new Pictures(Map.of(), ""));

    Document parsed = Xml.parse(new ReportPage().write(empty));

    assertThat(texts(parsed, "p"))
        .contains(
            "No model here.",
            "No samples here.",
            "No metrics here.",
            "No curve here.",
            "No traffic here.",
            "No ablation here.",
            "No impressions here.",
            "No neighbours here.");
    assertThat(Xml.elements(parsed, "section")).hasSize(8);
  }

  @Test
  void curvesOfOnePointOrNoneAreDrawnAsFarAsTheyGo() throws Exception {
    RunReport one = report(new TrainingCurve(0, curve(1).points(), List.of()));
    assertThat(Xml.elements(Xml.parse(new ReportPage().write(one)), "path")).isNotEmpty();
    assertThat(new ReportPage().write(one))
        .contains("it was made by an older version")
        .doesNotContain("NaN")
        .doesNotContain("Infinity");
    RunReport none = report(new TrainingCurve(0, List.of(), List.of()));
    assertThat(new ReportPage().write(none)).contains("The training has made no step.");
  }

  @Test
  void numbersInChartsAreFinite() {
    assertThat(new ReportPage().write(report())).doesNotContain("NaN").doesNotContain("Infinity");
  }

  private static List<String> texts(Document page, String name) {
    return Xml.elements(page, name).stream().map(Node::getTextContent).toList();
  }

  private static TrainingCurve curve(int points) {
    List<TrainingCurve.Point> list = new ArrayList<>();
    List<TrainingCurve.Progressive> progressive = new ArrayList<>();
    for (int i = 1; i <= points; i++) {
      list.add(new TrainingCurve.Point(i, i > points / 2 ? 1 : 0, 10L * i, 1.0 / i, 100 + i));
      progressive.add(
          new TrainingCurve.Progressive(i, 0, 10, .5 + .001 * i, i % 3 == 0 ? null : .55, 8));
    }
    return new TrainingCurve(0, list, progressive);
  }

  private static RunReport report() {
    return report(curve(120));
  }

  private static RunReport report(TrainingCurve curve) {
    Map<String, Double> metrics =
        Map.of("auc", .7, "gauc", .67, "log_loss", .6, "impressions", 1e4, "clicks", 5e3);
    Map<String, Interval> intervals = Map.of("gauc", new Interval(.66, .68));
    Evaluation evaluation =
        new Evaluation(
            metrics,
            intervals,
            List.of(
                new SliceMetrics("all", "all", metrics, intervals, DECILES),
                new SliceMetrics("category", HOSTILE, metrics, Map.of(), DECILES)),
            DECILES,
            "digest",
            100);
    SplitTotals totals = new SplitTotals(1, 2, 1, 3);
    return new RunReport(
        HOSTILE,
        "2026-03-01",
        "file:/w",
        "now",
        new Part.Absent<>("There is no model."),
        new Part.Present<>(
            new SampleManifest(
                SampleManifest.FORMAT_VERSION,
                "d",
                HOSTILE,
                30,
                0,
                "",
                .1,
                .5,
                3,
                1,
                "",
                "",
                "",
                totals,
                totals,
                Map.of(),
                Map.of())),
        new Part.Present<>(evaluation),
        new Part.Present<>(curve),
        new Part.Present<>(List.of(traffic())),
        new Part.Present<>(ablation()),
        new Part.Present<>(examples()),
        new Part.Present<>(neighbors()),
        new Pictures(Map.of("a", JPEG, HOSTILE, JPEG), "Some pictures are missing."));
  }

  private static ServerTraffic traffic() {
    Map<TrafficClass, Long> bytes = new EnumMap<>(TrafficClass.class);
    bytes.put(TrafficClass.IMAGE_CODES, 1_000_000L);
    bytes.put(TrafficClass.IMAGE_GRADIENTS, 48_000L);
    return new ServerTraffic(0, 10, 100, 4096, 1000, 900, 1, 1, bytes);
  }

  private static AblationReport ablation() {
    Estimate gain = new Estimate(.005, .001, .009, .001, .001);
    Estimate loss = new Estimate(-.005, -.009, .001, .001, .001);
    List<ResultRow> rows =
        List.of(
            new ResultRow(
                "baseline",
                "baseline",
                RowKind.BASELINE,
                3,
                Map.of("gauc", new Estimate(.6, .59, .61, 0, 0)),
                Map.of()),
            new ResultRow("joint", HOSTILE, RowKind.MODEL, 3, Map.of(), Map.of("gauc", gain)),
            new ResultRow(
                "shuffled",
                "shuffled",
                RowKind.NEGATIVE_CONTROL,
                3,
                Map.of(),
                Map.of("gauc", loss)));
    SliceGain cold = new SliceGain("joint", "joint", RowKind.MODEL, Map.of("gauc", gain));
    return new AblationReport(
        1,
        HOSTILE,
        "2026-03-01",
        "time",
        "last-days:1",
        List.of(1L, 2L),
        100,
        List.of(),
        List.of(new ResultTable("table3", "Table 3", rows)),
        List.of(
            new SliceTable(
                "train_exposures",
                "By exposures",
                List.of(new SliceRow("0", 10, Map.of(), List.of(cold))))),
        List.of(new ControlVerdict("shuffled", "gauc", loss, true, HOSTILE)));
  }

  private static ExampleImpressions examples() {
    List<Attended> attended =
        List.of(
            new Attended(new ShownImage(1, "a"), 3, new double[] {.5, -.25}),
            new Attended(new ShownImage(2, HOSTILE), 1, new double[] {0, 0}),
            new Attended(new ShownImage(3, ""), 1, new double[] {0, 0}));
    return new ExampleImpressions(
        List.of("image", "id"),
        List.of(
            new Example(
                HOSTILE, HOSTILE, HOSTILE, HOSTILE, true, .75, new ShownImage(1, "a"), 5, attended),
            new Example(
                "2", "u", "i", "", false, .2, new ShownImage(9, "no picture"), 5, attended)),
        2,
        true);
  }

  private static NearestNeighbors neighbors() {
    Neighbor one = new Neighbor(new ShownImage(2, HOSTILE), .9);
    Neighbor two = new Neighbor(new ShownImage(3, "c"), -.1);
    Neighbor three = new Neighbor(new ShownImage(4, "d"), .3);
    return new NearestNeighbors(
        4096,
        12,
        10,
        10,
        List.of(new Query(new ShownImage(1, "a"), List.of(one, two), List.of(three, one))));
  }
}
