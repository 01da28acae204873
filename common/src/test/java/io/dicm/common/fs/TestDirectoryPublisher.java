package io.dicm.common.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestDirectoryPublisher {
  private final Configuration conf = new Configuration();

  @TempDir java.nio.file.Path folder;
  private Path target;

  @BeforeEach
  void chooseTarget() {
    target = new Path(new Path(folder.toUri()), "table/dt=2026-01-02");
  }

  @Test
  void publishesFilesAndMarker() throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      write(publisher.staging(), "part-0", "new");
      assertThat(DirectoryPublisher.isComplete(conf, target)).isFalse();
      publisher.publish();
    }

    assertThat(DirectoryPublisher.isComplete(conf, target)).isTrue();
    assertThat(names("table")).containsExactly("dt=2026-01-02");
    assertThat(names("table/dt=2026-01-02")).containsExactly("_SUCCESS", "part-0");
  }

  @Test
  void replacesTheWholeDirectory() throws IOException {
    publish("part-old", "old");
    publish("part-new", "new");

    assertThat(names("table")).containsExactly("dt=2026-01-02");
    assertThat(names("table/dt=2026-01-02")).containsExactly("_SUCCESS", "part-new");
  }

  @Test
  void keepsADirectoryOfWhatIsNotPublished() throws IOException {
    for (String reason : List.of("first", "second")) {
      try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
        write(new Path(publisher.staging(), "rejects"), reason, "why");

        assertThat(publisher.keep("rejects"))
            .isEqualTo(new Path(target.getParent(), "_rejects-dt=2026-01-02"));
      }
    }

    assertThat(names("table")).containsExactly("_rejects-dt=2026-01-02");
    assertThat(names("table/_rejects-dt=2026-01-02")).containsExactly("second");
  }

  @Test
  void stagingIsHiddenFromReadersOfTheTable() throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      assertThat(publisher.staging().getName()).startsWith("_staging-dt=2026-01-02-");
      assertThat(publisher.staging().getParent()).isEqualTo(target.getParent());
    }
  }

  @Test
  void abandonedStagingIsRemoved() throws IOException {
    publish("part-old", "old");
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      write(publisher.staging(), "part-0", "half");
    }

    assertThat(names("table")).containsExactly("dt=2026-01-02");
    assertThat(names("table/dt=2026-01-02")).containsExactly("_SUCCESS", "part-old");
  }

  @Test
  void refusedRenameLeavesTheEarlierDirectory() throws IOException {
    publish("part-old", "old");

    Configuration refusing = refusingConfiguration();
    try (DirectoryPublisher publisher = new DirectoryPublisher(refusing, target)) {
      assertThatThrownBy(publisher::publish)
          .isInstanceOf(DicmException.class)
          .hasMessageStartingWith("Cannot rename " + publisher.staging())
          .hasMessageEndingWith(" to " + target + ": the file system refused.")
          .matches(e -> ((DicmException) e).code() == ErrorCode.STORAGE_FAILED);
    }

    assertThat(names("table")).containsExactly("dt=2026-01-02");
    assertThat(names("table/dt=2026-01-02")).containsExactly("_SUCCESS", "part-old");
  }

  @Test
  void refusedFirstRenameLeavesNothing() throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(refusingConfiguration(), target)) {
      assertThatThrownBy(publisher::publish).isInstanceOf(DicmException.class);
    }

    assertThat(names("table")).isEmpty();
  }

  @Test
  void twoPublishersOfOneTargetDoNotMix() throws IOException {
    try (DirectoryPublisher first = new DirectoryPublisher(conf, target);
        DirectoryPublisher second = new DirectoryPublisher(conf, target)) {
      write(first.staging(), "part-first", "1");
      write(second.staging(), "part-second", "2");
      first.publish();
      second.publish();
    }

    assertThat(names("table/dt=2026-01-02")).containsExactly("_SUCCESS", "part-second");
  }

  private void publish(String name, String text) throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      write(publisher.staging(), name, text);
      publisher.publish();
    }
  }

  private static Configuration refusingConfiguration() {
    Configuration refusing = new Configuration();
    refusing.setClass("fs.file.impl", RefusingFileSystem.class, FileSystem.class);
    refusing.setBoolean("fs.file.impl.disable.cache", true);
    return refusing;
  }

  private void write(Path directory, String name, String text) throws IOException {
    try (FSDataOutputStream out = directory.getFileSystem(conf).create(new Path(directory, name))) {
      out.writeUTF(text);
    }
  }

  private List<String> names(String directory) throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(folder.resolve(directory))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }
}
