package io.dicm.feature.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Real files of awkward kinds, which cannot be in the repository.
 *
 * <p>Runs with {@code -Ddicm.test.args=-Ddicm.test.awkward-images=DIRECTORY}.
 */
@EnabledIfSystemProperty(named = "dicm.test.awkward-images", matches = ".+")
class TestAwkwardImages {
  private final ImageDecoder decoder =
      new ImageDecoder(new DecodeLimits(20 << 20, 50_000_000, 400 << 20, Duration.ofSeconds(30)));
  private final Path directory = Path.of(System.getProperty("dicm.test.awkward-images"));

  @Test
  void rejectsTheBrokenOnesAndNoOthers() throws IOException {
    Map<String, RejectionReason> rejected = new TreeMap<>();
    for (Path file : files()) {
      if (decoder.decode(Files.readAllBytes(file)) instanceof RejectedImage image) {
        rejected.put(file.getFileName().toString(), image.reason());
      }
    }

    assertThat(rejected)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "png_bad_idat_crc.png", RejectionReason.CHECKSUM_MISMATCH,
                "png_truncated.png", RejectionReason.TRUNCATED,
                "truncated.jpg", RejectionReason.TRUNCATED,
                "twelve_bit.jpg", RejectionReason.UNSUPPORTED));
  }

  @Test
  void turnsTheExifPicture() throws IOException {
    assertThat(picture("exif_orientation_6.jpg").map(Picture::orientation))
        .contains(Orientation.TURNED_90);
  }

  @Test
  void grayIsAsBrightAsInTheColorOriginal() throws IOException {
    // Both show the same scene; a linear-light conversion would make the gray one far brighter.
    assertThat(brightness(picture("gray_1comp.jpg").orElseThrow()))
        .isBetween(
            brightness(picture("control_baseline_rgb.jpg").orElseThrow()) - 8,
            brightness(picture("control_baseline_rgb.jpg").orElseThrow()) + 8);
  }

  private Optional<Picture> picture(String name) throws IOException {
    return decoder.decode(Files.readAllBytes(directory.resolve(name))) instanceof Picture picture
        ? Optional.of(picture)
        : Optional.empty();
  }

  private java.util.List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Mean luma, 0 to 255 (ITU-R BT.601, as JPEG has it). */
  private static double brightness(Picture picture) {
    double sum = 0;
    int[] row = new int[picture.storedWidth()];
    for (int y = 0; y < picture.storedHeight(); y++) {
      picture.readRow(y, row);
      for (int rgb : row) {
        sum += 0.299 * (rgb >> 16 & 0xFF) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF);
      }
    }
    return sum / picture.storedHeight() / picture.storedWidth();
  }
}
