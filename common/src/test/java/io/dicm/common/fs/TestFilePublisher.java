package io.dicm.common.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestFilePublisher {
  @TempDir java.nio.file.Path folder;

  private final FilePublisher publisher = new FilePublisher(new Configuration());

  @Test
  void replacesTheFileAndLeavesNothingBeside() throws IOException {
    publish("below/page.md", "old");
    publish("below/page.md", "new");

    assertThat(Files.readString(folder.resolve("below/page.md"))).isEqualTo("new");
    try (Stream<java.nio.file.Path> files = Files.list(folder.resolve("below"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.equals("page.md") || name.equals(".page.md.crc"));
    }
  }

  @Test
  void whatCannotBePutInPlaceLeavesNothingBeside() throws IOException {
    java.nio.file.Path inTheWay = Files.createDirectories(folder.resolve("page.md/old"));

    assertThatThrownBy(() -> publish("page.md", "new")).isInstanceOf(IOException.class);

    assertThat(inTheWay).isDirectory();
    try (Stream<java.nio.file.Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("page.md"));
    }
  }

  private void publish(String file, String content) throws IOException {
    publisher.publish(
        new Path(folder.resolve(file).toUri()), content.getBytes(StandardCharsets.UTF_8));
  }
}
