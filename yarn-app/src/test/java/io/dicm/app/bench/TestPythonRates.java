package io.dicm.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a shell's program in Python's place. */
class TestPythonRates {
  private static final DevicePlan PLAN = DevicePlan.of(ComputeDevice.PROCESSOR, 2);

  @TempDir private Path folder;

  @Test
  void pyTorchGetsTheSameNumbers() throws Exception {
    PythonRates python = python("echo '{\"variant\": \"eager\", \"samples_per_second\": 12.5}'");

    assertThat(python.steps(PLAN.steps(Arithmetic.TF32))).isEqualTo(Map.of("eager", 12.5));

    assertThat(asked())
        .contains(
            "dicm_step.py --batch 2000 --images 33 --unique 8000 --unique-ads 500 --dimension 4096"
                + " --fields 27 --id-rows 10000 --precision tf32 --steps 5 --warm-up 1 --device cpu");
    assertThat(python.notes()).isEmpty();
  }

  @Test
  void aVariantThatFailsIsNoted() throws Exception {
    PythonRates python =
        python(
            """
            echo '{"variant": "eager", "images_per_second": 50}'
            echo '{"variant": "compile", "error": "no compiler"}'
            """);

    assertThat(python.vgg16(PLAN, "bfloat16")).isEqualTo(Map.of("eager", 50.0));

    assertThat(asked())
        .contains("vgg16.py --batch-sizes 2 --precision bfloat16 --steps 2 --device cpu");
    assertThat(python.notes())
        .containsExactly("PyTorch's vgg16.py, compile in bfloat16, measured nothing: no compiler");
  }

  @Test
  void whereThereIsNoneItIsAskedOnce() throws Exception {
    PythonRates python = python("echo '{\"unavailable\": \"PyTorch is not installed here\"}'");

    assertThat(python.steps(PLAN.steps())).isEmpty();
    assertThat(python.vgg16(PLAN, "float32")).isEmpty();

    assertThat(python.notes()).containsExactly("PyTorch is not installed here");
    assertThat(asked().lines()).hasSize(1);
  }

  /** Writes down what it was asked, and goes on with the program. */
  private PythonRates python(String program) throws IOException {
    Path interpreter =
        Files.createFile(
            folder.resolve("python"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        interpreter,
        "#!/bin/sh\necho \"$@\" >> " + folder.resolve("asked") + "\n" + program + "\n",
        StandardCharsets.UTF_8);
    return new PythonRates(
        new PythonBaseline(interpreter.toString(), Duration.ofSeconds(60), folder));
  }

  private String asked() throws IOException {
    return Files.readString(folder.resolve("asked"));
  }
}
