package io.dicm.app.master.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRunLeftovers {
  @TempDir java.nio.file.Path models;

  @Test
  void removesWhatWasLeftOfThisRunAndNothingElse() throws IOException {
    make("run=a", true);
    make("_staging-run=a-" + UUID.randomUUID(), false);
    make("_old-run=a-" + UUID.randomUUID(), true);
    String others = "_staging-run=a-b-" + UUID.randomUUID();
    make(others, false);

    remove("run=a");

    assertThat(names()).containsExactlyInAnyOrder("run=a", others);
  }

  @Test
  void anOutputWhoseSuccessorNeverCameIsBack() throws IOException {
    make("_old-run=a-" + UUID.randomUUID(), true);

    remove("run=a");

    assertThat(names()).containsExactly("run=a");
    assertThat(models.resolve("run=a/_SUCCESS")).exists();
  }

  @Test
  void aRunThatHasPublishedNothingHasNothingToTidyUp() throws IOException {
    new RunLeftovers(new Configuration(), List.of(new Path(models.resolve("none/run=a").toUri())))
        .remove();

    assertThat(names()).isEmpty();
  }

  private void remove(String target) {
    new RunLeftovers(new Configuration(), List.of(new Path(models.resolve(target).toUri())))
        .remove();
  }

  private void make(String name, boolean complete) throws IOException {
    Files.createDirectories(models.resolve(name));
    Files.writeString(models.resolve(name).resolve(complete ? "_SUCCESS" : "part-0"), "");
  }

  private List<String> names() throws IOException {
    try (Stream<java.nio.file.Path> entries = Files.list(models)) {
      return entries.map(path -> path.getFileName().toString()).toList();
    }
  }
}
