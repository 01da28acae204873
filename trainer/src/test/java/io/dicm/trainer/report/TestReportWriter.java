package io.dicm.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.server.ServerTraffic;
import io.dicm.ams.server.TrafficClass;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.evaluate.Decile;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.Interval;
import io.dicm.trainer.evaluate.SliceMetrics;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.report.ReportWriter.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class TestReportWriter {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-02T10:00:00Z"), ZoneOffset.UTC);
  private static final Request REQUEST = new Request(SmallRun.RUN, "", "");

  @TempDir java.nio.file.Path directory;

  @Test
  void aWholeRunHasEveryPart() throws Exception {
    SmallRun run = new SmallRun(directory).makeAll();

    Path file = writer(run).write(REQUEST, null, ProgressListener.NONE);

    assertThat(file.toString()).endsWith("workspace/reports/dt=2026-03-01/run=small/report.html");
    String page = Files.readString(java.nio.file.Path.of(file.toUri()));
    Document parsed = Xml.parse(page);
    assertThat(
            Xml.elements(parsed, "p").stream()
                .filter(p -> p.getAttribute("class").equals("missing")))
        .extracting(org.w3c.dom.Node::getTextContent)
        .containsExactly(
            "The evaluation has no deciles: it was made by an older version.",
            "The evaluation has no slices: it was made by an older version.",
            "No ablation was asked for; --ablation NAME shows one.");
    // Loss, AUC and GAUC, and speed.
    assertThat(Xml.elements(parsed, "figcaption").stream().map(org.w3c.dom.Node::getTextContent))
        .anyMatch(text -> text.startsWith("Progressive AUC and GAUC"));
    assertThat(Xml.elements(parsed, "article")).hasSize(30);
    assertThat(Xml.elements(parsed, "img"))
        .hasSizeGreaterThan(100)
        .allSatisfy(
            image -> {
              assertThat(image.getAttribute("src")).startsWith("data:image/jpeg;base64,");
              assertThat(image.getAttribute("alt")).isNotEmpty();
            });
    assertThat(page).contains("random").doesNotContain("<script").doesNotContain("onerror='");
    assertThat(Xml.elements(parsed, "bdi").stream().map(org.w3c.dom.Node::getTextContent))
        .contains(SmallRun.HOSTILE_ITEM, SmallRun.HOSTILE_IMAGE);
    try (Stream<java.nio.file.Path> files =
        Files.list(java.nio.file.Path.of(file.getParent().toUri()))) {
      assertThat(
              files.map(one -> one.getFileName().toString()).filter(one -> !one.endsWith(".crc")))
          .containsExactly("report.html");
    }
  }

  @Test
  void anotherReportReplacesTheFirst() throws Exception {
    SmallRun run = new SmallRun(directory);
    run.makeMetrics();
    Path target = new Path(directory.resolve("here/page.html").toUri());
    writer(run).write(REQUEST, target, ProgressListener.NONE);
    evaluate(run);

    Path file = writer(run).write(REQUEST, target, ProgressListener.NONE);

    assertThat(file).isEqualTo(target.getFileSystem(run.conf()).makeQualified(target));
    Document parsed = Xml.parse(Files.readString(directory.resolve("here/page.html")));
    assertThat(Xml.elements(parsed, "caption").stream().map(org.w3c.dom.Node::getTextContent))
        .contains("Deciles", "Metrics of parts of the test impressions, with 95 % intervals");
    assertThat(Xml.elements(parsed, "dd").stream().map(org.w3c.dom.Node::getTextContent))
        .contains("0.6100", "0.6000 – 0.6200");
  }

  @Test
  void whatIsMissingIsSaidOnThePage() throws Exception {
    SmallRun run = new SmallRun(directory);
    run.makeMetrics();

    Path file = writer(run).write(REQUEST, null, ProgressListener.NONE);

    String page = Files.readString(java.nio.file.Path.of(file.toUri()));
    Xml.parse(page);
    assertThat(page)
        .contains("There is no model.")
        .contains("model.json: there is no such file.")
        .contains("training_curve.json: there is no such file.")
        .contains("The model does not say what its servers moved")
        .contains("0.6123");
  }

  @Test
  void samplesMayBeThoseOfAnotherRun() throws Exception {
    SmallRun run = new SmallRun(directory);
    run.makeMetrics();
    run.makeSamples();
    java.nio.file.Path samples = directory.resolve("workspace/samples");
    Files.move(samples.resolve("run=small"), samples.resolve("run=shared"));
    run.conf().set(DicmKeys.SAMPLES_RUN, "shared");

    Path file = writer(run).write(REQUEST, null, ProgressListener.NONE);

    assertThat(Files.readString(java.nio.file.Path.of(file.toUri())))
        .contains("Split: last-days:1. At most 30 behaviours of the last 14 days");
  }

  /** As models of ablations, whose command need not be repeated for a report. */
  @Test
  void theModelSaysWhichSamplesItWasTrainedOn() throws Exception {
    SmallRun run = new SmallRun(directory);
    run.makeMetrics();
    run.makeSamples();
    run.makeFeatures();
    run.makeModel(ImageMode.JOINT);
    java.nio.file.Path samples = directory.resolve("workspace/samples");
    Files.move(samples.resolve("run=small"), samples.resolve("run=shared"));
    Path model = new Path(directory.resolve("workspace/models/run=small").toUri());
    ModelDescription.read(run.conf(), model).trainedOn("shared").write(run.conf(), model);

    Path file = writer(run).write(REQUEST, null, ProgressListener.NONE);

    assertThat(Files.readString(java.nio.file.Path.of(file.toUri())))
        .contains("Split: last-days:1. At most 30 behaviours of the last 14 days");
  }

  @Test
  void aFileSystemThatDoesNotWorkIsAnError() throws Exception {
    SmallRun run = new SmallRun(directory);
    run.makeMetrics();
    java.nio.file.Path file =
        directory.resolve("workspace/metrics/dt=2026-03-01/run=small/_metrics.json");
    // The local file system compares the checksum beside the file.
    Files.writeString(file, Files.readString(file).replace("0.6", "0.7"));

    assertThatThrownBy(() -> writer(run).write(REQUEST, null, ProgressListener.NONE))
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STORAGE_FAILED);
  }

  @Test
  void aRunThatIsNotThereIsOneSentence() throws IOException {
    SmallRun run = new SmallRun(directory);
    run.makeMetrics();

    assertThatThrownBy(
            () -> writer(run).write(new Request("other", "", ""), null, ProgressListener.NONE))
        .hasMessageMatching(
            "Cannot report on run 'other': the workspace .* has nothing of it\\. Name a run .*")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
    assertThat(directory.resolve("workspace/reports")).doesNotExist();
  }

  @Test
  void theNewestDayCountsUnlessOneIsNamed() throws IOException {
    SmallRun run = new SmallRun(directory);
    run.makeMetrics();
    Files.createDirectories(directory.resolve("workspace/predictions/dt=2026-03-04/run=small"));
    Files.createDirectories(directory.resolve("workspace/predictions/dt=2026-03-05/run=other"));
    Files.createDirectories(directory.resolve("workspace/models/run=only-model"));
    RunLocator locator = new RunLocator(run.conf(), run.workspace());

    assertThat(locator.date("", "small")).isEqualTo("2026-03-04");
    assertThat(locator.date("2026-03-01", "small")).isEqualTo("2026-03-01");
    assertThat(locator.date("2026-03-09", "only-model")).isEqualTo("2026-03-09");
    assertThatThrownBy(() -> locator.date("2026-03-09", "small"))
        .hasMessageContaining("run 'small' of 2026-03-09");
    assertThatThrownBy(() -> locator.date("", "only-model")).hasMessageContaining("--date");
  }

  @Test
  void serversSayWhatTheyMoved() throws Exception {
    SmallRun run = new SmallRun(directory);
    run.makeFeatures();
    run.makeModel(io.dicm.trainer.model.ImageMode.JOINT);

    for (int server = 0; server < 2; server++) {
      ServerTraffic traffic =
          new JsonFiles(run.conf())
              .read(
                  new Path(
                      run.workspace().model(SmallRun.RUN), "traffic/part-0000" + server + ".json"),
                  ServerTraffic.class,
                  ErrorCode.INPUT_MISSING);
      assertThat(traffic.server()).isEqualTo(server);
      // 600 impressions in two passes of steps of 30.
      assertThat(traffic.steps()).isEqualTo(40);
      assertThat(traffic.vectorDimension()).isEqualTo(16);
      assertThat(traffic.uniqueImageReferences())
          .isPositive()
          .isLessThanOrEqualTo(traffic.totalImageReferences());
      assertThat(traffic.rawVectorBytes()).isEqualTo(64 * traffic.totalImageReferences());
      assertThat(traffic.bytesByClass()).hasSize(TrafficClass.values().length);
      assertThat(traffic.bytesByClass().get(TrafficClass.IMAGE_CODES))
          .isGreaterThanOrEqualTo(48 * traffic.totalImageReferences());
      assertThat(traffic.bytesIn() + traffic.bytesOut())
          .isGreaterThanOrEqualTo(
              traffic.bytesByClass().values().stream().mapToLong(Long::longValue).sum());
    }
  }

  private static void evaluate(SmallRun run) throws IOException {
    Map<String, Double> metrics =
        Map.of("auc", .62, "gauc", .61, "impressions", 180.0, "clicks", 90.0);
    Map<String, Interval> intervals = Map.of("gauc", new Interval(.6, .62));
    new Evaluation(
            metrics,
            intervals,
            List.of(new SliceMetrics("category", "<i>x</i>", metrics, intervals, List.of())),
            List.of(new Decile(1, 18, .2, .25), new Decile(2, 18, .4, .35)),
            "digest",
            100)
        .write(run.conf(), run.workspace().metrics(SmallRun.DATE, SmallRun.RUN));
  }

  private static ReportWriter writer(SmallRun run) {
    return new ReportWriter(run.conf(), run.workspace(), CLOCK);
  }
}
