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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** The vectors' length is the encoder's before anything is extracted, the store's afterwards. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPipelineTellsHowImagesAreServed(boolean extracted) throws IOException {
    String properties = encoderOf(64);
    if (extracted) {
      StoredManifests stored = new StoredManifests(configured(64), workspace());
      stored.vectors("2026-06-30", 1);
      stored.samples("b", 5_000, 700);
    }

    assertThat(plan(pipeline("{" + properties + "}", "train"), "--offline"))
        .as(text(err))
        .isEqualTo(ExitCode.OK.status());

    assertThat(text(out))
        .contains(
            "Image vectors have 64 values (dicm.model.sub-model=auto, more than 24 and at most"
                + " 128): compressed by 64-12 on the servers; a step moves 96 bytes an image, a"
                + " code of 12 values and its gradient, instead of 256.\n")
        // Two networks of 4,941 values between two servers, there and back.
        .contains(
            extracted
                // 1,024 images, of which two workers' batches of 1,024 x 31 references leave none
                // out.
                ? "  A step of at most 2.05K different images: 197KB of codes and gradients,"
                    + " 79.1KB between servers (64-12); otherwise 524KB of vectors.\n"
                : "once there are samples; keeping the sub-model equal takes 79.1KB of each.\n");
  }

  @Test
  void shortVectorsAreServedAsTheyAre() throws IOException {
    StoredManifests stored = new StoredManifests(configured(16), workspace());
    stored.vectors("2026-06-30", 1);
    stored.samples("b", 5_000, 700);

    assertThat(plan(pipeline("{" + encoderOf(16) + "}", "train"), "--offline", "--output", "json"))
        .as(text(err))
        .isEqualTo(ExitCode.OK.status());

    JsonNode plan = new ObjectMapper().readTree(text(out));
    assertThat(plan.path("serving.sub_model").asText()).isEqualTo("none");
    assertThat(plan.path("serving.code_dimension").asInt()).isEqualTo(16);
    assertThat(plan.path("serving.reason").asText())
        .contains("16 values", "at most 24", "by plain parameter servers");
    assertThat(plan.path("serving.images_per_step").asInt()).isEqualTo(2_048);
    assertThat(plan.path("serving.image_bytes_per_step").asInt()).isEqualTo(2_048 * 64);
    assertThat(plan.path("serving.exchange_bytes_per_step").asInt()).isZero();
    assertThat(plan.path("serving.server_sub_model_bytes").asInt()).isZero();
    assertThat(plan.path("serving.otherwise.sub_model").asText()).isEqualTo("64-12");
    assertThat(plan.path("serving.otherwise.image_bytes_per_step").asInt()).isEqualTo(2_048 * 96);
    assertThat(plan.path("serving.otherwise.exchange_bytes_per_step").asInt())
        .isEqualTo(2 * 2 * 4 * (64 * 17 + 1 + 65 * 12));
    assertThat(plan.path("server_0.sub_model_bytes").asInt()).isZero();
  }

  @Test
  void aSubModelThatTheVectorsNeedIsNotLeftOut() throws IOException {
    String properties = "{\"dicm.model.sub-model\": \"none\"}";

    assertThat(plan(pipeline(properties, "train"), "--offline"))
        .isEqualTo(ExitCode.CONFIGURATION.status());

    assertThat(text(err))
        .contains("Cannot use dicm.model.sub-model=none: the image vectors have 4096 values");
  }

  /** A module that a plan reads the description of, and the properties that choose it. */
  private String encoderOf(int dimension) throws IOException {
    Path module = folder.resolve("module.pt");
    Files.writeString(module, "a plan runs no network");
    Files.writeString(
        folder.resolve("module.pt.json"),
        """
        {"input": [8, 8], "mean": [0, 0, 0], "std": [1, 1, 1], "resize": "stretch",
         "dimension": %d}
        """
            .formatted(dimension));
    return "\"dicm.extract.encoder\": \"torchscript\", \"dicm.extract.weights\": \"%s\""
        .formatted(module.toUri());
  }

  private Configuration configured(int dimension) throws IOException {
    encoderOf(dimension);
    Configuration conf = new Configuration();
    conf.set("dicm.extract.encoder", "torchscript");
    conf.set("dicm.extract.weights", folder.resolve("module.pt").toUri().toString());
    return conf;
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

  @ParameterizedTest
  @CsvSource({"samples, 16, true", "evaluate, 3, true", "evaluate, 0, false", "train, 16, false"})
  void smallJobsOfTheseStagesNeedNoContainers(String stage, int limitMb, boolean told)
      throws IOException {
    String file = pipeline("{\"dicm.mapreduce.local-input-mb\": \"" + limitMb + "\"}", stage);

    assertThat(plan(file, "--offline")).as(text(err)).isEqualTo(ExitCode.OK.status());
    assertThat(plan(file, "--offline", "--output", "properties")).isEqualTo(ExitCode.OK.status());

    String sentence = "jobs that read at most " + limitMb + " MiB run in the master";
    String value = "\nmapreduce.local_input_mb=" + limitMb + "\n";
    assertThat(text(out).contains(sentence)).isEqualTo(told);
    assertThat(text(out).contains(value)).isEqualTo(told);
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
        .contains("65000 mini-batches of 60.0K a pass", "store-in-worker", "30.2M (1.97T)")
        .contains("Image vectors have 4096 values", "a step moves 96 bytes an image", "of 16384.");
  }

  @Test
  void assumedVectorsMayBeShort() {
    assertThat(
            plan(
                "--assume",
                "images=1e6",
                "samples=1e8",
                "dimension=20",
                "unique-image-ratio=0.5",
                "--output",
                "properties"))
        .as(text(err))
        .isEqualTo(ExitCode.OK.status());

    // Half of the references of two workers' batches of 1,024 with 31 images each.
    assertThat(text(out))
        .contains("\nserving.sub_model=none\n", "\nserving.images_per_step=31744\n")
        .contains("\nserving.image_bytes_per_step=2539520\n")
        .contains("\nserver_sub_model_bytes=0.0\n");
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
