package io.dicm.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestHostFacts {
  @TempDir private Path folder;

  /** The script that containers run, run here. */
  @Test
  void scriptFindsThisHost() throws IOException, InterruptedException {
    HostFacts facts = HostFacts.parse(output(System.getProperty("java.home"))).orElseThrow();

    HostFacts here = HostFacts.ofThisHost();
    assertThat(facts.java()).isEqualTo(here.java());
    assertThat(facts.libc()).isEqualTo(here.libc());
    assertThat(here.epochSeconds() - facts.epochSeconds()).isBetween(-1L, 60L);
  }

  @Test
  void aHostWithoutJavaIsTold() throws IOException, InterruptedException {
    HostFacts facts = HostFacts.parse(output("/nowhere")).orElseThrow();

    assertThat(facts.java()).isEmpty();
    assertThat(facts.shortcomings()).contains("no Java at JAVA_HOME");
  }

  private String output(String javaHome) throws IOException, InterruptedException {
    Path script = folder.resolve("probe.sh");
    Files.writeString(script, HostFacts.script());
    ProcessBuilder builder = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", javaHome);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  @ParameterizedTest
  @CsvSource({
    "17.0.9,    2.35, x86_64,  ''",
    "21,        2.39, amd64,   ''",
    "1.8.0_392, 2.35, x86_64,  'Java 1.8.0_392, needed 17 or newer'",
    "11.0.2,    2.35, x86_64,  'Java 11.0.2, needed 17 or newer'",
    "17.0.9,    2.28, x86_64,  'glibc 2.28, needed 2.35 or newer'",
    "17.0.9,    '',   x86_64,  'no glibc, needed 2.35'",
    "17.0.9,    2.35, aarch64, 'aarch64, needed x86_64'",
  })
  void whatIsMissingIsNamed(String java, String libc, String machine, String wrong) {
    assertThat(new HostFacts(java, libc, machine, 0).shortcomings())
        .isEqualTo(wrong.isEmpty() ? List.of() : List.of(wrong));
  }

  @Test
  void theLineIsFoundInWhatYarnSays() {
    String diagnostics =
        """
        Exception from container-launch.
        Last 4096 bytes of stderr :
        dicm-probe|openjdk version "1.8.0_392"|ldd (GNU libc) 2.28|x86_64|1700000000|
        """;

    assertThat(HostFacts.parse(diagnostics))
        .contains(new HostFacts("1.8.0_392", "2.28", "x86_64", 1_700_000_000L));
    assertThat(HostFacts.parse("Container killed")).isEmpty();
  }

  @Test
  void aWrongClockIsAWarning() {
    HostFacts facts = new HostFacts("17.0.9", "2.35", "x86_64", 1_000);

    assertThat(NodesCheck.finding("node a", facts, 1_059).level()).isEqualTo(Level.OK);
    Finding late = NodesCheck.finding("node a", facts, 1_090);
    assertThat(late.level()).isEqualTo(Level.WARNING);
    assertThat(late.value()).contains("differs by about 90 s");
  }
}
