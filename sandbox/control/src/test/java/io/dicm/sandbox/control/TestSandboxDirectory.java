package io.dicm.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSandboxDirectory {
  @TempDir Path temp;

  @Test
  void onlyTheOwnerCanLookInside() throws Exception {
    SandboxDirectory directory = SandboxDirectory.at(temp.resolve("new/sandbox"));

    directory.create();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.root())))
        .isEqualTo("rwx------");
  }

  @Test
  void folderWithOtherFilesIsRefused() throws IOException {
    Files.writeString(temp.resolve("thesis.tex"), "");
    SandboxDirectory directory = SandboxDirectory.at(temp);

    assertThatThrownBy(directory::create)
        .hasMessage(
            "Cannot use %s for a sandbox: it has files in it, but no sandbox. Name an empty or a new folder with --dir.",
            directory.root());
    assertThat(temp.resolve("thesis.tex")).exists();
  }

  @Test
  void wipeForgetsDataAndKeepsLogs() throws Exception {
    SandboxDirectory directory = SandboxDirectory.at(temp.resolve("sandbox"));
    directory.create();
    Files.writeString(directory.settingsFile(), "");
    Files.createDirectories(directory.hdfs().resolve("name/current"));
    Files.writeString(directory.hive().resolve("metastore"), "");
    Files.writeString(directory.logs().resolve("hadoop.log"), "");

    directory.wipe();

    assertThat(directory.exists()).isFalse();
    assertThat(directory.hdfs()).doesNotExist();
    assertThat(directory.hive()).doesNotExist();
    assertThat(directory.logs().resolve("hadoop.log")).exists();
    directory.create(); // The log does not make it someone else's folder.
  }

  @Test
  void wipeDoesNotFollowLinks() throws Exception {
    Path precious = Files.createDirectories(temp.resolve("precious"));
    Files.writeString(precious.resolve("file"), "");
    SandboxDirectory directory = SandboxDirectory.at(temp.resolve("sandbox"));
    directory.create();
    Files.createSymbolicLink(directory.hdfs().resolve("link"), precious);

    directory.wipe();

    assertThat(precious.resolve("file")).exists();
  }

  @Test
  void pathThroughALinkIsTheSameSandbox() throws IOException {
    Files.createDirectories(temp.resolve("real"));
    Files.createSymbolicLink(temp.resolve("link"), temp.resolve("real"));

    assertThat(SandboxDirectory.at(temp.resolve("link/sandbox")))
        .isEqualTo(SandboxDirectory.at(temp.resolve("real/sandbox")));
  }
}
