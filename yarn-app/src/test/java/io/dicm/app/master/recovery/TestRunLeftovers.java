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
  @TempDir java.nio.file.Path checkpoints;

  @Test
  void removesWhatWasLeftOfThisRunAndNothingElse() throws IOException {
    make("run=a", true);
    make("_staging-run=a-application_1_0001-" + UUID.randomUUID(), false);
    make("_old-run=a-application_1_0001-" + UUID.randomUUID(), true);
    String others = "_staging-run=a-application_1_0002-" + UUID.randomUUID();
    make(others, false);

    remove("run=a");

    assertThat(names()).containsExactlyInAnyOrder("run=a", others);
  }

  @Test
  void anOutputWhoseSuccessorNeverCameIsBack() throws IOException {
    make("_old-run=a-application_1_0001-" + UUID.randomUUID(), true);

    remove("run=a");

    assertThat(names()).containsExactly("run=a");
    assertThat(models.resolve("run=a/_SUCCESS")).exists();
  }

  @Test
  void aRunThatHasPublishedNothingHasNothingToTidyUp() throws IOException {
    remove("none/run=a");

    assertThat(names()).isEmpty();
  }

  @Test
  void partsOfCheckpointsGoAndCheckpointsStay() throws IOException {
    for (String name : List.of("application_1_0001", "application_1_0002")) {
      Files.createDirectories(checkpoints.resolve(name).resolve("_staging-epoch=1/step=20"));
      Files.createDirectories(checkpoints.resolve(name).resolve("step=10"));
    }

    remove("run=a");

    assertThat(checkpoints.resolve("application_1_0001/_staging-epoch=1")).doesNotExist();
    assertThat(checkpoints.resolve("application_1_0001/step=10")).exists();
    assertThat(checkpoints.resolve("application_1_0002/_staging-epoch=1"))
        .as("another application's")
        .exists();
  }

  private void remove(String target) {
    new RunLeftovers(
            new Configuration(),
            List.of(new Path(models.resolve(target).toUri())),
            new Path(checkpoints.toUri()),
            "application_1_0001")
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
