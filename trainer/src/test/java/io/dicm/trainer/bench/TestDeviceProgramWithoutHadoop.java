package io.dicm.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in a process whose class path is the documented one, as on a GPU's bare machine. */
class TestDeviceProgramWithoutHadoop {
  private static final long DEADLINE_SECONDS = 120;

  /** Beside this project's classes; see "On a GPU" in docs/performance.md. */
  private static final List<String> DOCUMENTED =
      List.of(
          "javacpp",
          "openblas",
          "pytorch",
          "cuda",
          "guava",
          "slf4j-api",
          "slf4j-reload4j",
          "reload4j");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"steps=2", "agreement-steps=2", "pictures=1"})
  void measures(String mode) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                DeviceProgram.class.getName()));
    command.addAll(
        List.of(
            "impressions=32",
            "behaviors=2",
            "images=32",
            "ids=40",
            "dimension=16",
            "warm-up=0",
            "batch-size=1",
            mode));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .as("%s ended within %s s; its output is %s", command, DEADLINE_SECONDS, output)
          .isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    assertThat(Files.readAllLines(output))
        .anySatisfy(line -> assertThat(line).startsWith("{\"device\": \"cpu\", \"arithmetic\": "));
  }

  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(TestDeviceProgramWithoutHadoop::isDocumented)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isDocumented(String entry) {
    Path path = Path.of(entry);
    String name = path.getFileName().toString();
    boolean ownClasses =
        name.equals("classes") || (name.startsWith("dicm-") && !name.contains("-tests"));
    return ownClasses || DOCUMENTED.stream().anyMatch(library -> isVersionOf(library, name));
  }

  /** {@code guava-33.0.jar} is of {@code guava}, {@code guava-testlib-33.0.jar} is not. */
  private static boolean isVersionOf(String library, String name) {
    return name.startsWith(library + "-") && Character.isDigit(name.charAt(library.length() + 1));
  }
}
