package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TestProgressBar {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long nowMs = 100_000;

  @Test
  void redrawsInPlaceOnATerminal() {
    ProgressBar bar = bar(true);

    bar.show("train", 0.5f, "loss 0.51");
    bar.show("train", 0.5f, "loss 0.51");
    bar.show("train", 1.5f, "loss 0.50");
    bar.say("train done");

    assertThat(text())
        .isEqualTo(
            "\r\033[Ktrain        [############............]  50%  loss 0.51"
                + "\r\033[Ktrain        [########################] 100%  loss 0.50"
                + "\r\033[Ktrain done\n");
  }

  @Test
  void printsALineNowAndThenElsewhere() {
    ProgressBar bar = bar(false);

    bar.show("extract", 0.1f, "");
    bar.show("extract", 0.2f, "");
    nowMs += 20_000;
    bar.show("extract", 0.3f, "");
    bar.show("train", 0f, "");
    bar.clear();

    assertThat(text())
        .isEqualTo(
            """
            extract      [##......................]  10%
            extract      [#######.................]  30%
            train        [........................]   0%
            """);
  }

  @Test
  void longNotesAreCut() {
    bar(false).show("train", 0f, "x".repeat(500));

    assertThat(text().strip()).hasSize(110);
  }

  private ProgressBar bar(boolean terminal) {
    return new ProgressBar(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, () -> nowMs);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
