package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.feature.source.ImageSources;
import io.dicm.feature.source.SourcePiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.InputSplit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TestImageListing {
  @TempDir Path folder;
  private Configuration conf;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void configure() {
    conf = new Configuration();
    conf.set(DicmKeys.EXTRACT_IMAGES, folder.toUri().toString());
    conf.setClass(
        "fs.synthetic.impl", SyntheticFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    SyntheticFileSystem.reset();
  }

  /** A thousand files a request, and a few requests besides, whatever the number of files. */
  @Test
  @Timeout(60)
  void aHundredThousandFilesAskLittleOfTheNameNode() throws IOException {
    conf.set(DicmKeys.EXTRACT_IMAGES, "synthetic:///50/2000");

    List<InputSplit> splits = plan();

    assertThat(splits).hasSize(196);
    assertThat(SyntheticFileSystem.LISTING_REQUESTS)
        .as("pages of entries, those of the first look included")
        .hasValueLessThanOrEqualTo(1 + 50 * 2 + 3);
    assertThat(SyntheticFileSystem.OTHER_REQUESTS).hasValueLessThanOrEqualTo(5);
  }

  @Test
  @Timeout(60)
  void oneFolderOfAMillionFilesIsListed() throws IOException {
    conf.set(DicmKeys.EXTRACT_IMAGES, "synthetic:///1/1000000");

    assertThat(plan()).hasSize(1954);
    assertThat(SyntheticFileSystem.OTHER_REQUESTS).hasValueLessThanOrEqualTo(5);
  }

  @Test
  void theDigestIsThatOfNamesLengthsAndTimes() throws IOException {
    write("a.jpg", "1");
    write("b/c.jpg", "22");
    String before = digest("limits");

    assertThat(digest("limits")).isEqualTo(before).hasSize(64);
    assertThat(digest("other limits")).isNotEqualTo(before);
    Files.setLastModifiedTime(folder.resolve("a.jpg"), FileTime.fromMillis(1_000_000));
    assertThat(digest("limits")).isNotEqualTo(before);
    write("a.jpg", "1");
    assertThat(digest("limits")).isEqualTo(before);
    Files.move(folder.resolve("a.jpg"), folder.resolve("A.jpg"));
    assertThat(digest("limits")).isNotEqualTo(before);
  }

  @Test
  void theDigestDoesNotDependOnTheOrder() {
    MultisetDigest one = new MultisetDigest();
    MultisetDigest other = new MultisetDigest();
    MultisetDigest twice = new MultisetDigest();
    one.add(new byte[] {1});
    one.add(new byte[] {2});
    other.add(new byte[] {2});
    other.add(new byte[] {1});
    twice.add(new byte[] {1});
    twice.add(new byte[] {1});

    assertThat(one.with("x")).isEqualTo(other.with("x")).isNotEqualTo(twice.with("x"));
  }

  @Test
  void aPartIsWhatPasses() throws IOException {
    write("a.jpg", "1");
    write("b.jpg", "22");
    try (ImageListing listing = ImageListing.of(ImageSources.of(conf));
        ImageListing part = listing.where(piece -> piece.length() == 2)) {
      List<SourcePiece> pieces = new ArrayList<>();
      part.forEach(pieces::add);

      assertThat(pieces).extracting(SourcePiece::name).containsExactly("b.jpg");
      assertThat(part.images()).isEqualTo(1);
      assertThat(part.bytes()).isEqualTo(2);
      assertThat(part.exactImages()).hasValue(1);
      assertThat(listing.images()).isEqualTo(2);
    }
  }

  @Test
  void twoFilesOfOneImageAreNamedInTheirOrder() throws IOException {
    write("shoes/a.png", "1");
    write("shoes/a.jpg", "1");
    write("hats/a.jpg", "1");

    assertThatThrownBy(() -> ImageListing.of(ImageSources.of(conf)))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("the files shoes/a.jpg and shoes/a.png are both image shoes/a");
  }

  @Test
  void duplicatesAreFoundAmongManyNumbers() {
    LongArray numbers = new LongArray();
    for (long i = 0; i < 5000; i++) {
      numbers.add(i * 7919 % 5003);
    }
    assertThat(numbers.firstDuplicate()).isEmpty();

    numbers.add(4711);
    numbers.add(3 * 7919 % 5003);

    assertThat(numbers.firstDuplicate()).isPresent();
  }

  /** What a client does before it submits a job. */
  private List<InputSplit> plan() throws IOException {
    try (ImageListing listing = ImageListing.of(ImageSources.of(conf))) {
      org.apache.hadoop.fs.Path file =
          new org.apache.hadoop.fs.Path(folder.resolve("listing").toUri());
      listing.copyTo(conf, file);
      return ListingFile.splits(
          conf, file, SplitPlan.of(DicmConfiguration.of(conf)), listing.images(), listing.bytes());
    }
  }

  private String digest(String others) throws IOException {
    try (ImageListing listing = ImageListing.of(ImageSources.of(conf))) {
      return listing.digest(others);
    }
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
  }
}
