package io.dicm.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSandboxSettings {
  @TempDir Path temp;

  @Test
  void whatIsStoredIsLoaded() throws Exception {
    Path file = temp.resolve("sandbox.properties");

    settings().store(file);

    assertThat(SandboxSettings.load(file)).isEqualTo(settings());
  }

  @Test
  void addressesNameThePorts() {
    assertThat(settings().hdfsUri()).isEqualTo("hdfs://localhost:20000");
    assertThat(settings().jdbcUrl()).isEqualTo("jdbc:hive2://127.0.0.1:20009/");
    assertThat(settings().oozieUrl()).isEqualTo("http://127.0.0.1:20010/oozie/");
  }

  @Test
  void sandboxesOfVersionsWithoutOozieAreLoaded() throws Exception {
    Path file = temp.resolve("sandbox.properties");
    settings().store(file);
    List<String> lines = Files.readAllLines(file);
    lines.removeIf(line -> line.contains("oozie"));
    Files.write(file, lines);

    SandboxSettings loaded = SandboxSettings.load(file);

    assertThat(loaded.oozie()).isFalse();
    assertThat(loaded.ports()).hasSize(11).doesNotContainKey(SandboxPort.OOZIE);
  }

  @Test
  void sandboxesOfOlderVersionsHaveOneNode() throws Exception {
    Path file = temp.resolve("sandbox.properties");
    settings().store(file);
    Files.writeString(file, Files.readString(file).replace("nodes=3\n", ""));

    assertThat(SandboxSettings.load(file).nodes()).isEqualTo(1);
  }

  @Test
  void damagedFileIsNamed() throws Exception {
    Path file = temp.resolve("sandbox.properties");
    Files.writeString(file, "memory-mb=lots\n");

    assertThatThrownBy(() -> SandboxSettings.load(file))
        .hasMessageStartingWith("Cannot read " + file + ": port.namenode was '', not a number.");
  }

  private static SandboxSettings settings() {
    Map<SandboxPort, Integer> ports = new EnumMap<>(SandboxPort.class);
    for (SandboxPort port : SandboxPort.values()) {
      ports.put(port, 20_000 + ports.size());
    }
    return new SandboxSettings(
        3, 4_096, 4, 2, true, true, new SandboxSecurity(true, 30, 60), ports);
  }
}
