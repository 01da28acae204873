package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.app.plan.StoredManifests;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ExitCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.layout.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
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

  @Test
  void aPipelineIsPlannedFromListingAndManifests() throws IOException {
    StoredManifests stored = new StoredManifests(new Configuration(), workspace());
    stored.samples("b", 5_000, 700);

    assertThat(
            plan(pipeline("{\"dicm.yarn.worker.gpus\": \"1\"}"), "--offline", "--output", "json"))
        .as(text(err))
        .isEqualTo(ExitCode.OK.status());

    JsonNode plan = new ObjectMapper().readTree(text(out));
    assertThat(plan.path("accepted").asText()).isEqualTo("true");
    assertThat(plan.path("extract.map_task.count").asInt())
        .isEqualTo(plan.path("extract.map_tasks").asInt())
        .isPositive();
    assertThat(plan.path("train.server.count").asInt()).isEqualTo(2);
    int total = plan.path("train.server.memory_mb").asInt();
    assertThat(
            plan.path("train.server.heap_mb").asInt()
                + plan.path("train.server.direct_mb").asInt()
                + plan.path("train.server.native_mb").asInt())
        .isEqualTo(total);
    assertThat(plan.path("train.worker.gpus").asInt()).isOne();
    assertThat(plan.path("train.server.gpus").asInt(-1)).isZero();
    assertThat(plan.path("vectors.images").asInt()).isEqualTo(IDS.size());
    assertThat(plan.path("samples.id_rows").asInt()).isEqualTo(700);
    assertThat(plan.path("server_0.id_bytes").asLong()).isPositive();
    assertThat(plan.has("cluster.nodes")).isFalse();
    assertThat(folder.resolve("workspace/features")).doesNotExist();
  }

  @Test
  void peopleReadWhyTheSubmissionWouldBeRefused() throws IOException {
    new StoredManifests(new Configuration(), workspace()).vectors("2026-06-30", 1_000);

    int status = plan(pipeline("{\"dicm.train.servers\": \"1\"}", "train"), "--offline");

    assertThat(status).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(out))
        .contains("Containers (MiB each):", "train server", "dicm.yarn.server.memory-mb")
        .contains("the fullest of 1 holds 1024000 images")
        .contains("The submission would be refused:\n  MEMORY_PLAN_TOO_LARGE: Cannot train");
    assertThat(text(err)).startsWith("MEMORY_PLAN_TOO_LARGE: Cannot train with 1 servers");
  }

  @Test
  void misspeltKeyOfThePipelineIsRefused() throws IOException {
    assertThat(plan(pipeline("{\"dicm.train.server\": \"1\"}"), "--offline"))
        .isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(err)).contains("Was dicm.train.servers meant?");
  }

  @Test
  void countsMayComeFromAFileAndGrow() throws IOException {
    Path counts = folder.resolve("counts.properties");
    Files.writeString(counts, "images = 1e6\nsamples = 1e8\nnodes = 4\n");

    int status =
        plan("--assume", counts.toString(), "nodes=8", "--growth", "2", "--output", "properties");

    assertThat(status).as(text(err)).isEqualTo(ExitCode.OK.status());
    assertThat(text(out))
        .contains("\nvector_bytes=16384000000.0\n")
        .contains("\ngrowth_2.vector_bytes=32768000000.0\n")
        .contains("\nserver_vector_bytes=2048016384.0\n");
  }

  @Test
  void peopleGetTheTableOfStrategies() {
    assertThat(plan("--assume", "images=0.12e9", "samples=3.9e9", "nodes=20", "batch-size=3000"))
        .as(text(err))
        .isEqualTo(ExitCode.OK.status());

    assertThat(text(out))
        .contains("65000 mini-batches of 60.0K a pass", "store-in-worker", "30.2M (1.97T)");
  }

  @Test
  void planNeedsSomethingToPlan() {
    assertThat(plan()).isEqualTo(ExitCode.USAGE.status());
    assertThat(plan("--assume", "images=5")).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).contains("Cannot assume counts: 'samples' is needed.");
  }

  private Workspace workspace() {
    return new Workspace(new org.apache.hadoop.fs.Path(folder.resolve("workspace").toUri()));
  }

  private String pipeline(String properties, String... stages) throws IOException {
    Path file = folder.resolve("pipeline.json");
    Files.writeString(
        file,
        "{\"input\": \"%s\", \"workspace\": \"%s\", \"date\": \"2026-07-01\", \"run\": \"a\", %s\"properties\": %s}"
            .formatted(
                folder.resolve("input").toUri(),
                folder.resolve("workspace").toUri(),
                stages.length == 0
                    ? ""
                    : "\"stages\": [\"" + String.join("\", \"", stages) + "\"], ",
                properties));
    return file.toString();
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

  private int plan(String... arguments) {
    return Main.run(
        Stream.concat(Stream.of("plan"), Stream.of(arguments)).toArray(String[]::new),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
