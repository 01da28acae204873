package io.dicm.trainer.bench;

import static io.dicm.common.error.ErrorCode.GPU_FAILED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.feature.device.ComputeDevice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestDeviceProgram {
  private static final List<String> SMALL =
      List.of(
          "impressions=32",
          "behaviors=2",
          "images=32",
          "ids=40",
          "dimension=16",
          "threads=1",
          "warm-up=0",
          "steps=1");

  @Test
  void aLineOfJsonIsPrintedForEachArithmetic() {
    assertThat(run("arithmetic=float32,bfloat16").lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(
                        "{\"device\": \"cpu\", \"arithmetic\": \"float32\","
                            + " \"attention_kernel\": false, \"gather_kernel\": false,"
                            + " \"step_ms\": ")
                    .contains(
                        ", \"mean_step_ms\": ",
                        ", \"device_images_ms\": ",
                        ", \"mean_samples_per_second\": ",
                        ", \"fraction_of_matrix_rate\": ",
                        ", \"device_fraction_of_matrix_rate\": ")
                    .endsWith("}"),
            line -> assertThat(line).contains("\"arithmetic\": \"bfloat16\""));
  }

  @Test
  void theProcessorAgreesWithItself() {
    assertThat(run("agreement-steps=3"))
        .contains(
            "\"attention_kernel\": false, \"gather_kernel\": false, \"steps\": 3, \"largest_difference\": 0.0, \"last_loss\": ");
  }

  @Test
  void picturesGoThroughVgg16() {
    assertThat(run("pictures=1", "batch-size=1").lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(
                        "{\"device\": \"cpu\", \"arithmetic\": \"float32\", \"batch_size\": 1,"
                            + " \"bias_relu_kernel\": false, \"images_per_second\": ")
                    .contains(", \"least_cosine_to_float32\": "),
            line -> assertThat(line).contains("\"arithmetic\": \"bfloat16\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          images            | Cannot take 'images': allowed is name=value with a name of device, arith
          movies=3          | Cannot take 'movies=3': allowed is name=value with a name of device,
          steps=many        | Cannot take 'steps=many': allowed is a whole number.
          batch-size=0      | Cannot take 'batch-size=0': allowed is 1 or more.
          pictures=-1       | Cannot take 'pictures=-1': allowed is a whole number.
          steps=0           | steps 0, needed 1 or more
          kernels=none      | Cannot take 'kernels=none': allowed is own or any.
          device=tpu        | Cannot take 'device=tpu': allowed is cpu or cuda.
          vectors=int8      | Cannot take 'vectors=int8': allowed is float32 or float16.
          arithmetic=int8   | Cannot use arithmetic=int8: allowed are float32, tf32, bfloat16.
          images=3000       | 32 impressions of 2 behaviors cannot show 3000 pictures and 40 IDs
          impressions=99999999 | are more than an array holds
          """)
  void anArgumentThatCannotBeIsNamed(String argument, String message) {
    assertThatThrownBy(() -> run(argument))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining(message);
  }

  @Test
  void picturesAndStepsThatAreComparedExcludeEachOther() {
    assertThatThrownBy(() -> run("pictures=8", "agreement-steps=3"))
        .hasMessage("Cannot take 'pictures=8': allowed is 0 with agreement-steps.");
  }

  @Test
  void aGpuWithoutAKernelIsRefusedInOneSentence() {
    ComputeDevice gpu = ComputeDevice.cuda(0);
    assertThatThrownBy(() -> new StepKernels(true, false).requireAllOn(gpu))
        .isInstanceOfSatisfying(
            DicmException.class, failure -> assertThat(failure.code()).isEqualTo(GPU_FAILED))
        .hasMessage(
            "Cannot measure steps with kernels of our own on cuda:0: there is none for collecting"
                + " vectors, the log says why. Mend that, or measure libtorch's operations instead.");
    assertThatThrownBy(() -> new StepKernels(false, false).requireAllOn(gpu))
        .hasMessageContaining("there is none for attention and collecting vectors,");
    assertThatCode(() -> new StepKernels(true, true).requireAllOn(gpu)).doesNotThrowAnyException();
    assertThatCode(() -> new StepKernels(false, false).requireAllOn(ComputeDevice.PROCESSOR))
        .doesNotThrowAnyException();
  }

  private static String run(String... more) {
    List<String> arguments = new ArrayList<>(SMALL);
    arguments.addAll(List.of(more));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new DeviceProgram(
              new DeviceArguments(arguments), new PrintStream(out, true, StandardCharsets.UTF_8))
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
