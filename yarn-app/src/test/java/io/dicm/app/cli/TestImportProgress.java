package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TestImportProgress {
  @Test
  void barIsTakenAwayFromAFailureToo() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProgressBar bar =
        new ProgressBar(new PrintStream(out, true, StandardCharsets.UTF_8), true, () -> 0);

    assertThatThrownBy(
            () ->
                ImportProgress.show(
                    bar,
                    progress -> {
                      progress.progress(1, 2, "pictures");
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("pictures").endsWith("\r\033[K");
  }
}
