package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeatureRecord;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.Test;

/** Images without a vector: counted, listed, and tried again or not. */
class TestExtractRejections extends LocalExtraction {
  @Test
  void rejectedImagesAreNotReadAgainUnlessLimitsChange() throws Exception {
    ImageFiles.writeMany(images, 5);
    Files.writeString(images.resolve("text.jpg"), "this is not a picture");
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    run();
    conf.set(DicmKeys.RUN_DATE, "2026-03-02");

    ExtractSummary summary = withoutJobs();

    assertThat(summary.rejectedByReason()).isEqualTo(Map.of("UNSUPPORTED", 1L));
    assertThat(rejects(partition().resolveSibling("dt=2026-03-02").resolve("_rejects")))
        .singleElement()
        .asString()
        .contains("\"image_id\":\"text\"", "\"reason\":\"UNSUPPORTED\"", "text.jpg");
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "1000");
    assertThat(run().alreadyThere()).isFalse();
  }

  @Test
  void whatTheHeapHadNoRoomForIsTriedAgain() throws Exception {
    ImageFiles.writeMany(images, 5);
    ImageFiles.writePlain(images.resolve("large.png"), Color.RED, 3000, 3000);
    ImageFiles.writePlain(images.resolve("image-3.png"), Color.RED, 20, 10);
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 256);
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));
    assertThat(rejects(partition().resolve("_rejects")))
        .singleElement()
        .asString()
        .contains("\"image_id\":\"large\"", "\"reason\":\"HEAP_TOO_SMALL\"");
    assertThat(run().rejectedByReason())
        .as("tried, counted and listed again")
        .isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 1);

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isEqualTo(1);
    assertThat(summary.rejectedByReason()).isEmpty();
    assertThat(stored()).hasSize(6);
    assertThat(run().alreadyThere()).isTrue();
  }

  @Test
  void aVectorStaysUntilItsNewPictureCouldBeTried() throws Exception {
    ImageFiles.writeMany(images, 5);
    run();
    List<FeatureRecord> before = stored();
    ImageFiles.writePlain(images.resolve("image-3.png"), Color.RED, 3000, 3000);
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 256);

    assertThat(run().rejectedByReason()).isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));

    assertThat(stored()).usingRecursiveFieldByFieldElementComparator().isEqualTo(before);
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 1);
    assertThat(run().extracted()).isEqualTo(1);
    assertThat(byId(stored(), "image-3").width()).isEqualTo(3000);
  }

  @Test
  void anEarlierRejectionDoesNotHideThatThePictureIsToBeTriedAgain() throws Exception {
    ImageFiles.writeMany(images, 5);
    ImageFiles.writePlain(images.resolve("large.png"), Color.RED, 3000, 3000);
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "1000");
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("TOO_MANY_PIXELS", 1L));
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "10000000");
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 256);
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 1);

    assertThat(run().extracted()).isEqualTo(1);
  }

  @Test
  void rejectedImagesThatSinceSkippedHaveTheirChanceLater() throws Exception {
    ImageFiles.writeMany(images, 5);
    ImageFiles.writePlain(images.resolve("large.png"), Color.RED, 200, 200);
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "1000");
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("TOO_MANY_PIXELS", 1L));
    ImageFiles.writePlain(images.resolve("new.png"), Color.RED, 20, 10);
    Files.setLastModifiedTime(
        images.resolve("new.png"),
        java.nio.file.attribute.FileTime.from(java.time.Instant.parse("2100-02-01T00:00:00Z")));
    conf.set(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS, "100000");
    conf.set(DicmKeys.EXTRACT_SINCE, "2100-01-01");
    assertThat(run().extracted()).isEqualTo(1);
    conf.unset(DicmKeys.EXTRACT_SINCE);

    ExtractSummary summary = run();

    assertThat(summary.extracted()).as("of the raised limit").isEqualTo(1);
    assertThat(stored()).hasSize(7);
    assertThat(withoutJobs().alreadyThere()).isTrue();
  }

  @Test
  void anImageInAFileOfManyIsTriedAgain() throws Exception {
    Path picture = folder.resolve("picture.png");
    Path file = folder.resolve("pictures.seq");
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            conf,
            SequenceFile.Writer.file(new org.apache.hadoop.fs.Path(file.toUri())),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(BytesWritable.class))) {
      for (int side : new int[] {20, 30, 3000}) {
        ImageFiles.writePlain(picture, Color.RED, side, side);
        writer.append(new Text("side-" + side), new BytesWritable(Files.readAllBytes(picture)));
      }
    }
    conf.set(DicmKeys.EXTRACT_IMAGES, file.toUri().toString());
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 256);
    assertThat(run().rejectedByReason()).isEqualTo(Map.of("HEAP_TOO_SMALL", 1L));
    conf.setInt(DicmKeys.EXTRACT_DECODE_THREADS, 1);

    ExtractSummary summary = run();

    assertThat(summary.extracted()).isEqualTo(1);
    assertThat(summary.reused()).isEqualTo(2);
    assertThat(run().alreadyThere()).isTrue();
  }

  @Test
  void countsAndListsRejectedImages() throws Exception {
    ImageFiles.writeMany(images, 5);
    Files.writeString(images.resolve("text.jpg"), "this is not a picture");
    Files.createFile(images.resolve("empty.png"));
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");

    ExtractSummary summary = run();

    assertThat(summary.rejectedByReason()).isEqualTo(Map.of("UNSUPPORTED", 1L, "EMPTY", 1L));
    assertThat(summary.rejected()).isEqualTo(2);
    assertThat(summary.images()).isEqualTo(5);
    assertThat(rejects(partition().resolve("_rejects")))
        .hasSize(2)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("\"image_id\":\"text\"", "\"reason\":\"UNSUPPORTED\"", "text.jpg"));
  }

  @Test
  void failsAboveTheThresholdAndPublishesNothing() throws Exception {
    ImageFiles.writeMany(images, 5);
    Files.writeString(images.resolve("text.jpg"), "this is not a picture");

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED))
        .hasMessageContaining("1 of 6 images were rejected {UNSUPPORTED=1}")
        .hasMessageContaining("dicm.input.max-bad-fraction is 0.01")
        .hasMessageContaining("text.jpg")
        .hasMessageMatching(
            "(?s).* All are listed in file:.*/mean-color/_rejects-dt=2026-03-01\\.");
    Path kept = partition().resolveSibling("_rejects-dt=2026-03-01");
    try (Stream<Path> files = Files.list(partition().getParent())) {
      assertThat(files).containsExactly(kept);
    }
    assertThat(rejects(kept)).singleElement().asString().contains("\"image_id\":\"text\"");
  }

  @Test
  void aFifthOfBrokenFilesPassesWhenTheThresholdAllowsIt() throws Exception {
    writeFifthBroken();
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.2");

    ExtractSummary summary = run();

    assertThat(summary.images()).isEqualTo(40);
    assertThat(summary.rejectedByReason())
        .isEqualTo(Map.of("EMPTY", 4L, "UNSUPPORTED", 3L, "TRUNCATED", 3L));
    assertThat(rejectedIds(partition().resolve("_rejects"))).isEqualTo(brokenIds());
  }

  @Test
  void aFifthOfBrokenFilesFailsJustBelowIt() throws Exception {
    writeFifthBroken();
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.199");

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED))
        .hasMessageContaining("10 of 50 images were rejected");
    assertThat(rejectedIds(partition().resolveSibling("_rejects-dt=2026-03-01")))
        .isEqualTo(brokenIds());
    assertThat(partition()).doesNotExist();
  }

  /** Forty good images and ten broken ones of three kinds. */
  private void writeFifthBroken() throws IOException {
    ImageFiles.writeMany(images, 40);
    byte[] whole = Files.readAllBytes(images.resolve("image-0.png"));
    for (int i = 0; i < 10; i++) {
      byte[] content =
          switch (i % 3) {
            case 0 -> new byte[0];
            case 1 -> "no picture".getBytes(StandardCharsets.UTF_8);
            default -> Arrays.copyOf(whole, whole.length / 2);
          };
      Files.write(images.resolve("broken-" + i + ".png"), content);
    }
  }

  private static Set<String> brokenIds() {
    return IntStream.range(0, 10).mapToObj(i -> "broken-" + i).collect(Collectors.toSet());
  }

  private Set<String> rejectedIds(Path directory) throws IOException {
    Set<String> ids = new TreeSet<>();
    for (String line : rejects(directory)) {
      assertThat(line).containsPattern("\"reason\":\"[A-Z_]+\"");
      ids.add(line.replaceAll(".*\"image_id\":\"([^\"]*)\".*", "$1"));
    }
    return ids;
  }
}
