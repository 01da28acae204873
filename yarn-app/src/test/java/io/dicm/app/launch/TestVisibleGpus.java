package io.dicm.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process sees that a real shell has started as YARN does. */
class TestVisibleGpus {
  private static final VisibleGpus NONE = new VisibleGpus(List.of());
  private static final VisibleGpus TWO = new VisibleGpus(List.of(1, 3));

  private static final String PRINT = "printf %s \"${CUDA_VISIBLE_DEVICES-not set}\"\n";

  @TempDir Path folder;

  @Test
  void whereTheNodeSaysNothingTheApplicationDecides() throws Exception {
    assertThat(seen(TWO, Map.of(), 0)).isEqualTo("1,3");
    assertThat(seen(TWO, Map.of(), 4)).as("all devices are open to it").isEqualTo("1,3");
    assertThat(seen(TWO, Map.of("NVIDIA_VISIBLE_DEVICES", "all"), 4))
        .as("as images of CUDA have it")
        .isEqualTo("1,3");
    assertThat(seen(TWO, Map.of("NVIDIA_VISIBLE_DEVICES", ""), 4)).isEqualTo("1,3");
  }

  @ParameterizedTest
  @CsvSource({"5", "'0,2'", "''", "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6"})
  void whatTheNodeSaysStays(String value) throws Exception {
    assertThat(seen(TWO, Map.of("CUDA_VISIBLE_DEVICES", value), 4)).isEqualTo(value);
    assertThat(seen(NONE, Map.of("CUDA_VISIBLE_DEVICES", value), 4)).isEqualTo(value);
  }

  @Test
  void nodeThatIsolatesWithoutAWordIsLeftAlone() throws Exception {
    assertThat(seen(TWO, Map.of(), 2)).as("open are as many as it asked for").isEqualTo("not set");
    assertThat(seen(TWO, Map.of(), 1)).isEqualTo("not set");
    assertThat(seen(TWO, Map.of("NVIDIA_VISIBLE_DEVICES", "4,6"), 4)).isEqualTo("not set");
  }

  @Test
  void whoAskedForNoneSeesNone() throws Exception {
    assertThat(seen(NONE, Map.of(), 4)).isEmpty();
    assertThat(NONE.variables()).isEmpty();
  }

  @Test
  void otherFilesAreNoDevices() throws Exception {
    Files.createDirectories(folder.resolve("dev"));
    for (String name : List.of("nvidiactl", "nvidia-uvm", "nvidia-modeset")) {
      Files.createFile(folder.resolve("dev").resolve(name));
    }

    assertThat(seen(TWO, Map.of(), 0)).isEqualTo("1,3");
  }

  /**
   * YARN's script: variables, those of the node among them, then the command between double quotes.
   * "not set" is what this prints where the process has no such variable.
   */
  private String seen(VisibleGpus gpus, Map<String, String> ofTheNode, int deviceFiles)
      throws IOException, InterruptedException {
    Path devices = Files.createDirectories(folder.resolve("dev"));
    for (int i = 0; i < deviceFiles; i++) {
      Path device = devices.resolve("nvidia" + i);
      if (!Files.exists(device)) {
        Files.createFile(device);
      }
    }
    Map<String, String> variables = new TreeMap<>(gpus.variables());
    variables.putAll(ofTheNode);
    StringBuilder script = new StringBuilder("#!/bin/bash\nset -o pipefail -e\n");
    variables.forEach((name, value) -> script.append("export %s=\"%s\"\n".formatted(name, value)));
    Path print = Files.writeString(folder.resolve("print"), PRINT);
    Path out = folder.resolve("out");
    String command = "exec bash %s 1>%s".formatted(print, out);
    script.append("exec /bin/bash -c \"%s\"\n".formatted(gpus.before(command, devices.toString())));
    ProcessBuilder builder =
        new ProcessBuilder("bash", Files.writeString(folder.resolve("launch"), script).toString());
    builder
        .environment()
        .keySet()
        .removeAll(List.of("CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES"));
    Path errors = folder.resolve("errors");
    Process process = builder.redirectError(errors.toFile()).start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(errors).isEmptyFile();
    assertThat(process.exitValue()).isZero();
    return Files.readString(out);
  }
}
