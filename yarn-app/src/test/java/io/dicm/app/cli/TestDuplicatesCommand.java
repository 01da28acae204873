package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.ExitCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.layout.Workspace;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.store.BucketOrder;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureStore;
import io.dicm.feature.store.FeatureStoreWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestDuplicatesCommand {
  private static final ExtractorDescription EXTRACTOR =
      new ExtractorDescription("x", "layer", "none", "none", 2, "float32");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Configuration conf = new Configuration();

  @TempDir private java.nio.file.Path folder;

  @BeforeEach
  void publish() throws IOException {
    Path partition = FeatureStore.open(conf, workspace().features("x")).partition("2026-03-01");
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, partition)) {
      Path file = new Path(publisher.staging(), ParquetTables.partName(0));
      try (FeatureStoreWriter writer = new FeatureStoreWriter(conf, file, EXTRACTOR)) {
        List<FeatureRecord> images =
            Stream.of(
                    image("shoe", 0b0, 1f, 0f),
                    image("shoe-copy", 0b11, 1f, 0.1f),
                    image("hat", 0b1, 0f, 1f),
                    image("bag-1", 0xFFFF00000000L, 1f, 1f),
                    image("bag-2", 0xFFFF00000000L, 1f, 1f),
                    image("bag-3", 0xFFFF00000000L, 1f, 1f))
                .sorted((a, b) -> BucketOrder.compare(a.imageKey(), b.imageKey()))
                .toList();
        for (FeatureRecord image : images) {
          writer.write(image);
        }
        FeatureManifest.of(EXTRACTOR, 1, "", Map.of(), List.of(writer.finish()))
            .write(conf, publisher.staging());
      }
      publisher.publish();
    }
  }

  @Test
  void printsGroupsLargestFirstAndPublishesTheTable() throws IOException {
    assertThat(run()).isZero();

    assertThat(text(out))
        .startsWith(
            """
            bag-1
              bag-2 (0 bits, cosine 1.0000)
              bag-3 (0 bits, cosine 1.0000)
            shoe
              shoe-copy (2 bits, cosine 0.9950)

            images = 6
            """)
        .contains("candidate_pairs = 6", "near_pairs = 4", "groups = 2", "images_in_groups = 5");
    Path table = workspace().nearDuplicates("x", "2026-03-01");
    assertThat(DirectoryPublisher.isComplete(conf, table)).isTrue();
    assertThat(text(out)).contains("table = " + table);
  }

  @Test
  void limitsWhatIsPrintedOnly() {
    assertThat(run("--limit", "1")).isZero();

    assertThat(text(out)).startsWith("bag-1").doesNotContain("shoe").contains("groups = 2");
  }

  @Test
  void limitsOfNearnessCount() {
    assertThat(run("--max-distance", "1", "--output", "properties")).isZero();

    assertThat(text(out)).contains("groups=1\n").doesNotContain("bag");
  }

  @Test
  void writesJson() {
    assertThat(run("--min-cosine", "0.999", "--output", "json")).isZero();

    assertThat(text(out).replaceAll("\\s", ""))
        .contains("\"groups\":[{\"representative\":\"bag-1\",\"groupId\":")
        .contains("{\"imageId\":\"bag-2\",\"imageKey\":")
        .contains("\"hammingDistance\":0,\"cosine\":1.0")
        .doesNotContain("shoe");
  }

  @Test
  void namesWhatIsWrong() {
    assertThat(run("--min-cosine", "much")).isEqualTo(ExitCode.USAGE.status());
    assertThat(run("--max-distance", "40")).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(run("--date", "2026-03-02")).isEqualTo(ExitCode.BAD_DATA.status());
    assertThat(run("--extractor", "y")).isEqualTo(ExitCode.BAD_DATA.status());

    assertThat(text(err))
        .contains("--min-cosine was 'much', needed a number")
        .contains("the greatest distance was 40, allowed 0 to 32")
        .contains("dt=2026-03-02 is missing or not complete")
        .contains("features/y. Run the extract stage first");
    assertThat(text(out)).isEmpty();
  }

  private int run(String... options) {
    String[] arguments =
        Stream.concat(
                Stream.of("duplicates", "--workspace", folder.toUri().toString()),
                Stream.concat(
                    List.of(options).contains("--extractor")
                        ? Stream.empty()
                        : Stream.of("--extractor", "x"),
                    Stream.of(options)))
            .toArray(String[]::new);
    return Main.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private Workspace workspace() {
    return new Workspace(new Path(folder.toUri()));
  }

  private static FeatureRecord image(String id, long hash, float... vector) {
    return new FeatureRecord(id, Fingerprints.imageKey(id), "digest", vector, 2, 2, 1, hash);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
