package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.source.SourcePiece;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestSplits {
  private static final long ANY_BYTES = Long.MAX_VALUE;

  private final Configuration conf = new Configuration();
  @TempDir java.nio.file.Path folder;

  @ParameterizedTest
  @CsvSource({
    // images, bytes, most images a split, most bytes a split, at a time, splits
    "400, 1, 512, 100, 2, 2",
    "3569, 1, 512, 100, 2, 8",
    "3569, 1, 512, 100, 0, 7",
    "1025, 1, 512, 100, 2, 4",
    "1, 1, 512, 100, 2, 1",
    "3, 1, 1, 100, 2, 3",
    "100, 1, 512, 100, 0, 1",
    "2000000000, 1, 1, 100, 3, 2000000000",
    "400, 1000, 512, 100, 0, 10",
    "400, 1000, 512, 100, 4, 12",
    "9000000000000, 1, 1, 100, 0, 2147483647",
  })
  void fillsEachRoundOfMaps(
      long images,
      long bytes,
      int imagesPerSplit,
      long bytesPerSplit,
      int maxConcurrentMaps,
      int splits) {
    SplitPlan plan = new SplitPlan(imagesPerSplit, bytesPerSplit, maxConcurrentMaps);

    assertThat(plan.splits(images, bytes)).isEqualTo(splits);
  }

  @Test
  void everyPieceIsInOneSplitAndSplitsAreEqual() throws IOException {
    List<SourcePiece> pieces = new ArrayList<>();
    for (int i = 0; i < 103; i++) {
      pieces.add(image("büch er-" + "x".repeat(i % 7) + i + ".jpg", i % 9));
    }

    List<List<SourcePiece>> splits = cut(pieces, new SplitPlan(26, ANY_BYTES, 4));

    assertThat(splits).hasSize(4).allSatisfy(split -> assertThat(split).hasSizeBetween(25, 26));
    assertThat(splits.stream().flatMap(List::stream)).containsExactlyElementsOf(pieces);
  }

  @Test
  void largeImagesAreSpreadByBytes() throws IOException {
    List<SourcePiece> pieces = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      pieces.add(image("image-" + i, i < 10 ? 91 : 1));
    }

    List<List<SourcePiece>> splits = cut(pieces, new SplitPlan(100, 250, 0));

    assertThat(splits).hasSizeBetween(4, 6);
    assertThat(splits)
        .allSatisfy(
            split ->
                assertThat(split.stream().mapToLong(SourcePiece::length).sum())
                    .isLessThanOrEqualTo(250));
    assertThat(splits.stream().flatMap(List::stream)).containsExactlyElementsOf(pieces);
  }

  @Test
  void aPieceLargerThanASplitIsASplit() throws IOException {
    List<SourcePiece> pieces =
        List.of(image("a", 5), new SourcePiece("many", 0, 900, 1, 700, List.of()), image("b", 5));

    List<List<SourcePiece>> splits = cut(pieces, new SplitPlan(100, 100, 0));

    assertThat(splits)
        .containsExactly(List.of(pieces.get(0)), List.of(pieces.get(1)), List.of(pieces.get(2)));
  }

  @Test
  void aSplitIsWhereItsLargestPieceIs() throws Exception {
    List<SourcePiece> pieces =
        List.of(
            new SourcePiece("file", 0, 10, 1, 5, List.of("small")),
            new SourcePiece("file", 10, 90, 1, 5, List.of("one", "two")));

    List<InputSplit> splits =
        ListingFile.splits(conf, write(pieces), new SplitPlan(100, 100, 0), 10, 100);

    assertThat(splits).hasSize(1);
    assertThat(splits.get(0).getLocations()).containsExactly("one", "two");
  }

  private static SourcePiece image(String name, long length) {
    return new SourcePiece(name, 0, length, 1_700_000_000_000L, 1, List.of());
  }

  private List<List<SourcePiece>> cut(List<SourcePiece> pieces, SplitPlan plan) throws IOException {
    long images = pieces.stream().mapToLong(SourcePiece::images).sum();
    long bytes = pieces.stream().mapToLong(SourcePiece::length).sum();
    List<List<SourcePiece>> splits = new ArrayList<>();
    for (InputSplit split : ListingFile.splits(conf, write(pieces), plan, images, bytes)) {
      splits.add(ListingFile.read(conf, (FileSplit) split));
    }
    return splits;
  }

  private Path write(List<SourcePiece> pieces) throws IOException {
    Path file = new Path(folder.resolve("pieces").toUri());
    try (OutputStream out = file.getFileSystem(conf).create(file, true);
        ListingFile.Writer writer = new ListingFile.Writer(out)) {
      for (SourcePiece piece : pieces) {
        writer.write(piece);
      }
    }
    return file;
  }
}
