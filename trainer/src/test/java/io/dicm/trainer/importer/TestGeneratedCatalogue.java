package io.dicm.trainer.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestGeneratedCatalogue {
  private static final CatalogueParameters SMALL = new CatalogueParameters(40, 20, 400, 5, 11);

  @TempDir private Path directory;

  @Test
  void equalParametersGiveEqualBytes() throws Exception {
    generate(SMALL, "a");
    generate(SMALL, "b");
    generate(new CatalogueParameters(40, 20, 400, 5, 12), "c");

    for (String file : files("a")) {
      assertThat(directory.resolve("b").resolve(file))
          .hasSameBinaryContentAs(directory.resolve("a").resolve(file));
    }
    assertThat(files("b")).isEqualTo(files("a"));
    assertThat(Files.readString(directory.resolve("c/impressions.csv")))
        .isNotEqualTo(Files.readString(directory.resolve("a/impressions.csv")));
  }

  @Test
  void writesTheWholeInputLayout() throws Exception {
    ImportSummary summary = generate(SMALL, "a");

    assertThat(summary.items()).isEqualTo(40);
    assertThat(summary.impressions()).isEqualTo(400);
    assertThat(lines("items.csv")).hasSize(41).first().isEqualTo("item_id,image_id,category,brand");
    assertThat(lines("users.csv")).hasSize(21);
    assertThat(lines("impressions.csv"))
        .hasSize(401)
        .first()
        .isEqualTo("impression_id,user_id,item_id,ts,label,hour,position");
    assertThat(directory.resolve("a/features.json")).exists();
    List<String> pictures = files("a").stream().filter(name -> name.startsWith("images/")).toList();
    assertThat(pictures).hasSize(40).anyMatch(name -> name.endsWith(".png"));
    for (String picture : pictures) {
      BufferedImage image = ImageIO.read(directory.resolve("a").resolve(picture).toFile());
      assertThat(image.getWidth()).isBetween(200, 300);
      assertThat(image.getHeight()).isBetween(200, 300);
    }
  }

  @Test
  void someItemsAreShownInTheLastDaysOnly() {
    CatalogueWorld world = new CatalogueWorld(CatalogueParameters.DEMO);
    List<LoggedImpression> log = log(world);
    long secondLastDay = log.get(log.size() - 1).timestampSeconds() / 86_400 - 1;

    List<LoggedImpression> ofNewItems =
        log.stream().filter(impression -> impression.item().firstDay() > 0).toList();

    assertThat(ofNewItems).hasSizeGreaterThan(1000);
    assertThat(ofNewItems)
        .allMatch(impression -> impression.timestampSeconds() / 86_400 >= secondLastDay);
  }

  @Test
  void aQuarterIsClickedAndTheLookTellsMoreThanTheTables() {
    CatalogueWorld world = new CatalogueWorld(CatalogueParameters.DEMO);
    List<LoggedImpression> log = log(world);
    double clicks = log.stream().filter(LoggedImpression::click).count();

    double told = Auc.of(log, i -> world.toldLogit(i.user(), i.item(), i.position()));
    double all =
        Auc.of(
            log,
            i ->
                world.toldLogit(i.user(), i.item(), i.position())
                    + world.seenLogit(i.user(), i.item()));

    assertThat(clicks / log.size()).isBetween(0.22, 0.28);
    assertThat(told).isBetween(0.60, 0.72);
    assertThat(all).isGreaterThan(told + 0.1);
  }

  @Test
  void refusesSizesOutOfRange() {
    assertThatThrownBy(() -> new CatalogueParameters(3, 20, 400, 5, 11))
        .hasMessageContaining("items was 3, allowed 10 to 9999")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.USAGE);
  }

  @Test
  void someOldItemsAreHardlyEverShown() {
    CatalogueWorld world = new CatalogueWorld(CatalogueParameters.DEMO);
    Map<String, Long> shown =
        log(world).stream()
            .filter(impression -> impression.item().firstDay() == 0)
            .collect(
                Collectors.groupingBy(
                    impression -> impression.item().itemId(), Collectors.counting()));

    assertThat(shown.values().stream().filter(count -> count <= 20).count()).isBetween(15L, 60L);
    assertThat(shown.values().stream().filter(count -> count > 50).count()).isGreaterThan(100);
  }

  private static List<LoggedImpression> log(CatalogueWorld world) {
    List<LoggedImpression> log = new ArrayList<>();
    new ImpressionLog(world, CatalogueParameters.DEMO).simulate(24_000, log::add);
    assertThat(log)
        .hasSize(24_000)
        .isSortedAccordingTo(Comparator.comparingLong(LoggedImpression::timestampSeconds));
    return log;
  }

  private ImportSummary generate(CatalogueParameters parameters, String name)
      throws IOException, InterruptedException {
    return new GeneratedCatalogue(new Configuration(false), parameters)
        .run(
            new ImportTarget(new org.apache.hadoop.fs.Path(directory.resolve(name).toUri()), false),
            ProgressListener.NONE);
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(directory.resolve("a").resolve(file));
  }

  private List<String> files(String name) throws IOException {
    Path root = directory.resolve(name);
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(file -> !file.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }
}
