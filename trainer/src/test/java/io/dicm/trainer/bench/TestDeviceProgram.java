package io.dicm.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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
                    .startsWith("{\"device\": \"cpu\", \"arithmetic\": \"float32\", \"step_ms\": ")
                    .contains("\"fraction_of_matrix_rate\": ")
                    .endsWith("}"),
            line -> assertThat(line).contains("\"arithmetic\": \"bfloat16\""));
  }

  @Test
  void theProcessorAgreesWithItself() {
    assertThat(run("agreement-steps=3"))
        .contains("\"steps\": 3, \"largest_difference\": 0.0, \"last_loss\": ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          images            | Cannot take 'images': allowed is name=value with a name of device, arith
          pictures=3        | Cannot take 'pictures=3': allowed is name=value with a name of device,
          steps=many        | Cannot take 'steps=many': allowed is a whole number.
          steps=0           | steps 0, needed 1 or more
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

  private static String run(String argument) {
    List<String> arguments = new ArrayList<>(SMALL);
    arguments.add(argument);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new DeviceProgram(arguments, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
    return out.toString(StandardCharsets.UTF_8);
  }
}
