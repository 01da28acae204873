package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ExitCode;
import io.dicm.trainer.bench.GeneratedSamples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of {@code bench} as a user starts them, with little to do. */
class TestBenchCommand {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void scalesOverRealProcessesAgainstOneOfEach() throws IOException {
    Path file = folder.resolve("scale.json");
    List<String> arguments = new ArrayList<>(samples());
    arguments.addAll(
        List.of("--servers", "2", "--workers", "1", "--batch-size", "64", "--warm-up", "2"));
    arguments.addAll(List.of("--steps", "3", "--json", file.toString()));

    assertThat(run("scale", arguments)).as(text(err)).isEqualTo(ExitCode.OK.status());

    assertThat(text(out))
        .startsWith("bench scale\n")
        .containsPattern("(?m)^figure +unit +1x1 +2x1$")
        .containsPattern("(?m)^samples_per_second +samples/s +[0-9.]+ +[0-9.]+$")
        .containsPattern("(?m)^2x1.perfect_scaling +samples/s ");
    int processors = Runtime.getRuntime().availableProcessors();
    String warning = "2x1: " + processors + " processors for 3 processes: figures show overhead";
    assertThat(text(out).contains(warning)).isEqualTo(processors < 3);
    JsonNode report = new ObjectMapper().readTree(file.toFile());
    Map<String, Double> figures = figures(report);
    assertThat(figures.get("2x1.speed_up"))
        .isCloseTo(
            figures.get("2x1.samples_per_second") / figures.get("1x1.samples_per_second"),
            within(1e-9));
    assertThat(figures.get("2x1.efficiency"))
        .isCloseTo(figures.get("2x1.speed_up"), within(1e-9)); // by one worker
    assertThat(figures.get("1x1.processors_used")).isPositive();
    assertThat(report.path("machine").path("libtorch").asText()).matches("[0-9]+\\.[0-9]+.*");
    assertThat(folder.toFile().list((in, name) -> name.startsWith(".scale"))).isEmpty();
  }

  @Test
  void everyNetworkIsHeldAgainstThePlainLoop() throws IOException {
    List<String> arguments = new ArrayList<>(samples());
    arguments.addAll(
        List.of("--batch-size", "32", "--warm-up", "1", "--steps", "1", "--rounds", "1"));

    assertThat(run("models", arguments)).as(text(err)).isEqualTo(ExitCode.OK.status());

    assertThat(text(out))
        .containsPattern("(?m)^ +step_ms \\(ms\\) +samples_per_second \\(samples/s\\) +by_plain")
        .containsPattern("(?m)^embedding-mlp.none( +[0-9.]+){3}$")
        .containsPattern("(?m)^dien.joint( +[0-9.]+){3}$");
  }

  @Test
  void theServersStepIsHeldAgainstThreeLimits() throws IOException {
    List<String> arguments =
        List.of(
            "--images",
            "200",
            "--images-per-step",
            "50",
            "--dimension",
            "16",
            "--steps",
            "2",
            "--threads",
            "1",
            "--output",
            "json");

    assertThat(run("ams", arguments)).as(text(err)).isEqualTo(ExitCode.OK.status());

    JsonNode report = new ObjectMapper().readTree(text(out));
    assertThat(figures(report)).containsKeys("threads_1.step_ms", "threads_1.gemm_gigaflops");
    assertThat(report.path("limits").findValuesAsText("name"))
        .containsExactly(
            "threads_1.matrix_rate", "threads_1.memory_bandwidth", "threads_1.loopback");
    for (JsonNode limit : report.path("limits")) {
      assertThat(limit.path("fraction").asDouble())
          .isCloseTo(
              limit.path("reached").asDouble() / limit.path("measured").asDouble(), within(1e-9));
    }
  }

  @Test
  void withoutAGpuItsBenchMeasuresTheProcessor() throws IOException {
    List<String> arguments =
        List.of(
            "--device cpu --arithmetic float32,bfloat16 --batch-size 32 --images-per-step 64 --ids 50"
                .split(" "));
    List<String> sizes =
        List.of("--dimension 16 --steps 2 --warm-up 0 --threads 1 --no-python".split(" "));
    Path file = folder.resolve("gpu.json");

    assertThat(
            run(
                "gpu",
                concatenated(arguments, sizes, List.of("--pictures", "1", "--json", file + ""))))
        .as(text(err))
        .isEqualTo(ExitCode.OK.status());

    assertThat(text(out))
        .startsWith("bench gpu\n")
        .contains("\ndevice = cpu\nbatch_size = 32\n")
        .containsPattern("(?m)^figure +unit +device$")
        .containsPattern("(?m)^figure +unit +float32 +bfloat16$")
        .containsPattern("(?m)^figure +unit +vgg16_float32 +vgg16_bfloat16$")
        .containsPattern("(?m)^least_cosine_to_float32 +1 +0[.]999[0-9]{3}$")
        .doesNotContain("PyTorch is");
    JsonNode report = new ObjectMapper().readTree(file.toFile());
    Map<String, Double> figures = figures(report);
    for (String arithmetic : List.of("float32", "bfloat16")) {
      assertThat(figures.get(arithmetic + ".samples_per_second"))
          .isCloseTo(32e3 / figures.get(arithmetic + ".step_ms"), within(1e-6));
      assertThat(figures.get(arithmetic + ".server_fraction_of_matrix_rate"))
          .isCloseTo(
              figures.get(arithmetic + ".server_gigaflops")
                  / figures.get(arithmetic + ".matrix_gigaflops"),
              within(1e-9));
    }
    assertThat(figures.get("device.memory_bandwidth")).isPositive();
    assertThat(figures.get("vgg16_bfloat16.least_cosine_to_float32")).isBetween(0.999, 0.9999999);
    assertThat(figures).doesNotContainKey("agreement_with_processor.compared_steps");
    assertThat(report.path("machine").path("gpu").asText()).isEmpty();
  }

  @Test
  void scriptsGetTheLayoutsFiguresByTheirNames() throws IOException {
    List<String> arguments = new ArrayList<>(samples());
    arguments.addAll(List.of("--batch-size", "64", "--output", "properties"));

    assertThat(run("layout", arguments)).as(text(err)).isEqualTo(ExitCode.OK.status());

    assertThat(text(out))
        .contains("training_samples=1200\n", "batch_size=64\n")
        .containsPattern("(?m)^flat.images_per_impression=[0-9.]+$")
        .containsPattern("(?m)^limit.file_reading.fraction=[0-9.E-]+$");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scale  | --servers 1,2               | --servers had 2 numbers and --workers 3
          scale  | --servers 0 --workers 1     | servers and workers were 0 once, allowed 1 to 64
          scale  | --threads 1,2               | scale takes one number of --threads
          scale  | --rounds 0                  | --rounds was 0, needed 1 or more
          scale  | --precision float16         | scale takes no --precision
          table2 | --threads 0                 | --threads was 0, allowed 1 to 1024
          gpu    | --device tpu                | --device was 'tpu', allowed is one of auto, cpu, cuda
          gpu    | --arithmetic float32,fp8    | --arithmetic had 'fp8', allowed are float32, tf32,
          gpu    | --precision float16         | gpu takes no --precision: use --arithmetic
          gpu    | --device cpu --steps 0      | steps 0, needed 1 or more
          gpu    | --device cpu --ids 99999    | cannot show 8000 pictures and 99999 IDs
          ams    | --json /                    | Cannot write the result to '/': it is a folder.
          ams    | --json /no/such/f.json      | there is no folder /no/such. Make it first.
          """)
  void whatCannotBeIsRefusedBeforeAnythingIsMeasured(String part, String options, String message) {
    assertThat(run(part, List.of(options.split(" ", -1)))).isNotEqualTo(ExitCode.OK.status());

    assertThat(text(err)).contains(message);
    assertThat(text(out)).isEmpty();
  }

  /** Options for a few generated samples with short vectors. */
  private List<String> samples() throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    new GeneratedSamples(40, 30, 300, 10)
        .write(new Configuration(), new org.apache.hadoop.fs.Path(input.toUri()), 16);
    return List.of("--input", input.toString(), "--samples", input.toString(), "--dimension", "16");
  }

  private int run(String part, List<String> options) {
    List<String> arguments = new ArrayList<>(List.of("bench", part));
    arguments.addAll(options);
    CommandLineTool tool =
        new CommandLineTool(
            List.of(new BenchCommand()), new PrintStream(out, true), new PrintStream(err, true));
    tool.setConf(new Configuration());
    return tool.run(arguments.toArray(String[]::new));
  }

  @SafeVarargs
  private static List<String> concatenated(List<String>... parts) {
    return Arrays.stream(parts).flatMap(List::stream).toList();
  }

  private static Map<String, Double> figures(JsonNode report) {
    Map<String, Double> figures = new LinkedHashMap<>();
    report
        .path("figures")
        .forEach(one -> figures.put(one.path("name").asText(), one.path("value").asDouble()));
    return figures;
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
