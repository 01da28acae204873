package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
  @TempDir java.nio.file.Path folder;

  @ParameterizedTest
  @CsvSource({
    // images, most a split, at a time, splits
    "400, 512, 2, 2",
    "3569, 512, 2, 8",
    "3569, 512, 0, 7",
    "1025, 512, 2, 4",
    "1, 512, 2, 1",
    "3, 1, 2, 3",
    "100, 512, 0, 1",
    "2000000000, 1, 3, 2000000000",
  })
  void fillsEachRoundOfMaps(int images, int imagesPerSplit, int maxConcurrentMaps, int splits) {
    assertThat(new SplitPlan(imagesPerSplit, maxConcurrentMaps).splits(images)).isEqualTo(splits);
  }

  @Test
  void everyNameIsInOneSplitAndSplitsAreEqual() throws IOException {
    Configuration conf = new Configuration();
    Path file = new Path(folder.resolve("names").toUri());
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 103; i++) {
      names.add("büch er-" + "x".repeat(i % 7) + i + ".jpg");
    }
    ListingFile.write(
        conf,
        file,
        new ImageListing(
            new Path("/"), names.stream().map(name -> ImageFile.of(name, 1, 1)).toList()));

    List<String> read = new ArrayList<>();
    for (InputSplit split : ListingFile.splits(conf, file, 4)) {
      FileSplit range = (FileSplit) split;
      List<String> part =
          ListingFile.read(conf, range.getPath(), range.getStart(), range.getLength());
      assertThat(part).hasSizeBetween(25, 26);
      read.addAll(part);
    }

    assertThat(read).isEqualTo(names);
  }

  @Test
  void theImageIdIsTheNameWithoutItsLastExtension() {
    assertThat(ImageFile.of("a.jpg", 0, 0).imageId()).isEqualTo("a");
    assertThat(ImageFile.of("v1.2.png", 0, 0).imageId()).isEqualTo("v1.2");
    assertThat(ImageFile.of("plain", 0, 0).imageId()).isEqualTo("plain");
  }
}
