package io.dicm.common.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivilegedExceptionAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.io.nativeio.NativeIO;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestDirectLocalFileSystem {
  private static final URI LOCAL = URI.create("file:///");
  private static final int MODE_BITS = 07777;

  private final DirectLocalFileSystem fs = new DirectLocalFileSystem();

  @TempDir private java.nio.file.Path directory;

  @BeforeEach
  void initialize() throws IOException {
    fs.initialize(LOCAL, new Configuration(false));
  }

  @Test
  void filesAndDirectoriesHaveThePermissionsThatAreAskedFor() throws IOException {
    Path made = new Path(path("made"), "file");
    assertThat(fs.mkdirs(made.getParent(), new FsPermission("700"))).isTrue();
    FileSystem.create(fs, made, new FsPermission("640")).close();

    assertThat(permissions("made")).isEqualTo("rwx------");
    assertThat(permissions("made/file")).isEqualTo("rw-r-----");
    assertThat(fs.getFileStatus(made).getPermission()).isEqualTo(new FsPermission("640"));
  }

  @Test
  void soDoesADirectoryWhoseFilesOnlyTheirOwnersMayDelete() throws IOException {
    assertThat(fs.mkdirs(path("shared"))).isTrue();

    fs.setPermission(path("shared"), new FsPermission("1777"));

    int mode = (int) Files.getAttribute(directory.resolve("shared"), "unix:mode");
    assertThat(mode & MODE_BITS).isEqualTo(01777);
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> fs.setPermission(path("nowhere"), new FsPermission("600")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("nowhere does not exist");
  }

  @Test
  void allOfAProcessHaveItWhateverTheirConfiguration() throws Exception {
    Configuration conf = new Configuration(false);

    Class<?> used =
        asUser(
            "first",
            () -> {
              DirectLocalFileSystem.install(conf);
              return FileSystem.get(LOCAL, new Configuration()).getClass();
            });

    assertThat(used)
        .isEqualTo(NativeIO.isAvailable() ? LocalFileSystem.class : DirectLocalFileSystem.class);
    assertThat(conf.size()).as("nobody else is told").isZero();
  }

  @Test
  void anotherImplementationThatIsConfiguredStays() throws Exception {
    Configuration conf = new Configuration(false);
    conf.setClass("fs.file.impl", LocalFileSystem.class, FileSystem.class);

    Class<?> used =
        asUser(
            "second",
            () -> {
              DirectLocalFileSystem.install(conf);
              return FileSystem.get(LOCAL, conf).getClass();
            });

    assertThat(used).isEqualTo(LocalFileSystem.class);
  }

  /** Hadoop keeps file systems by user: one whom no other test has had. */
  private static Class<?> asUser(String name, PrivilegedExceptionAction<Class<?>> action)
      throws IOException, InterruptedException {
    UserGroupInformation user = UserGroupInformation.createRemoteUser("local-files-" + name);
    try {
      return user.doAs(action);
    } finally {
      FileSystem.closeAllForUGI(user);
    }
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
  }
}
