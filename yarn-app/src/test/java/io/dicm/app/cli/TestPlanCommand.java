package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ExitCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestPlanCommand {
  private static final List<String> IDS = List.of("shoe", "hat", "bag");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void writeImages() throws IOException {
    Path images = Files.createDirectories(folder.resolve("input/images"));
    for (String id : IDS) {
      Files.writeString(images.resolve(id + ".jpg"), "a plan opens no image");
    }
  }

  @Test
  void programsGetTheBytesOfEachBucket() throws IOException {
    assertThat(run("--output", "json")).as(text(err)).isEqualTo(ExitCode.OK.status());

    JsonNode plan = new ObjectMapper().readTree(text(out));
    long vectorBytes = plan.path("vector_bytes").asLong() / IDS.size();
    assertThat(vectorBytes).isPositive();
    JsonNode buckets = plan.path("bucket_bytes");
    assertThat(buckets.size()).isEqualTo(Buckets.COUNT);
    long sum = 0;
    for (JsonNode bucket : buckets) {
      sum += bucket.asLong();
    }
    assertThat(sum).isEqualTo(3 * vectorBytes);
    for (String id : IDS) {
      assertThat(buckets.get(Buckets.of(Fingerprints.imageKey(id))).asLong())
          .isGreaterThanOrEqualTo(vectorBytes);
    }
  }

  @Test
  void peopleGetTheLargestBucketAndTheMastersHeap() {
    assertThat(run()).as(text(err)).isEqualTo(ExitCode.OK.status());

    assertThat(text(out))
        .contains("largest_bucket_bytes = ", "master_heap_mb = 307\n")
        .contains("master_heap_needed_mb = 65\n")
        .doesNotContain("\nbucket_bytes");
  }

  private int run(String... options) {
    String[] arguments =
        Stream.concat(
                Stream.of(
                    "plan",
                    "extract",
                    "--input",
                    folder.resolve("input").toUri().toString(),
                    "--workspace",
                    folder.resolve("workspace").toUri().toString()),
                Stream.of(options))
            .toArray(String[]::new);
    return Main.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
