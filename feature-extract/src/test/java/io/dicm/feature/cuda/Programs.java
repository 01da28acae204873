package io.dicm.feature.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs. */
final class Programs {
  private static final long DEADLINE_SECONDS = 120;

  private Programs() {}

  /**
   * Waits until a program has ended well.
   *
   * @param folder gets its output as a file
   */
  static void run(Path folder, List<String> command) throws IOException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .as("%s ended", command)
          .isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("Interrupted", e);
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as("%s said: %s", command, Files.readString(output)).isZero();
  }
}
