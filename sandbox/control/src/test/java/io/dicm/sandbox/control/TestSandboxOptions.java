package io.dicm.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestSandboxOptions {
  @Test
  void startTakesEveryOption() throws SandboxException {
    SandboxOptions options =
        parse(
            "start",
            "--dir",
            "/x/sandbox",
            "--home",
            "/x/home",
            "--fresh",
            "--gpus",
            "4",
            "--memory-mb",
            "2048",
            "--vcores",
            "6",
            "--no-hive",
            "--with",
            "oozie",
            "--hive-port",
            "10000",
            "--owner-pid",
            "77",
            "--start-timeout-s",
            "9");

    assertThat(options.command()).isEqualTo(SandboxOptions.Command.START);
    assertThat(options.directory().root()).isEqualTo(Path.of("/x/sandbox"));
    assertThat(options.home()).isEqualTo(Path.of("/x/home"));
    assertThat(options.fresh()).isTrue();
    assertThat(options.hive()).isFalse();
    assertThat(options.oozie()).isTrue();
    assertThat(options.gpus()).hasValue(4);
    assertThat(options.memoryMb()).hasValue(2048);
    assertThat(options.vcores()).hasValue(6);
    assertThat(options.hivePort()).hasValue(10000);
    assertThat(options.ownerPid()).hasValue(77);
    assertThat(options.startLimit()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void whatIsNotGivenIsLeftToEarlierStarts() throws SandboxException {
    SandboxOptions options = parse("start");

    assertThat(options.directory())
        .as("beside the launcher, wherever that is called")
        .isEqualTo(SandboxDirectory.at(options.home().resolve(".sandbox")));
    assertThat(options.fresh()).isFalse();
    assertThat(options.hive()).isTrue();
    assertThat(options.oozie()).isFalse();
    assertThat(options.gpus()).isEmpty();
    assertThat(options.memoryMb()).isEmpty();
    assertThat(options.hivePort()).isEmpty();
    assertThat(options.ownerPid()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                    | Cannot run 'sandbox': it needs start, stop or status.",
        "restart             | Cannot run 'sandbox restart': allowed are start, stop and status.",
        "start --frsh        | Cannot run 'sandbox start': unknown option '--frsh'.",
        "stop --fresh        | Cannot run 'sandbox stop': unknown option '--fresh'.",
        "status --gpus 1     | Cannot run 'sandbox status': unknown option '--gpus'.",
        "start --dir         | Cannot read option --dir: it needs a value.",
        "start --gpus -1     | Cannot read option --gpus: the value was '-1', allowed 0..1024.",
        "start --gpus two    | Cannot read option --gpus: the value was 'two', allowed 0..1024.",
        "start --hive-port 0 | Cannot read option --hive-port: the value was '0', allowed 1..65535.",
        "start --with hbase  | Cannot read option --with: the value was 'hbase', allowed is oozie.",
        "start --memory-mb 1 | Cannot read option --memory-mb: the value was '1', allowed 1024..1048576."
      })
  void whatCannotBeUnderstoodIsNamed(String line, String message) {
    String[] arguments = line == null ? new String[0] : line.split(" ", -1);

    assertThatThrownBy(() -> parse(arguments))
        .isInstanceOf(SandboxException.class)
        .hasMessage(message)
        .extracting(e -> ((SandboxException) e).status())
        .isEqualTo(ExitStatus.USAGE);
  }

  private static SandboxOptions parse(String... arguments) throws SandboxException {
    return SandboxOptions.parse(List.of(arguments));
  }
}
