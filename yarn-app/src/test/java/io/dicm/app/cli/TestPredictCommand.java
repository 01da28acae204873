package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class TestPredictCommand {

  @Test
  void aModelAndABaselineExcludeEachOther() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CommandLineTool tool =
        new CommandLineTool(
            List.of(new PredictCommand()),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    tool.setConf(new Configuration(false));

    assertThat(tool.run(new String[] {"predict", "--model", "/m", "--baseline", "item-mean"}))
        .isEqualTo(ExitCode.USAGE.status());
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("USAGE: predict takes --model or --baseline, not both.");
  }
}
