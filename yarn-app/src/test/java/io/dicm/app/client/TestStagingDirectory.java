package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestStagingDirectory {
  @TempDir static java.nio.file.Path home;

  /** A local file system whose user's home is the test's folder. */
  public static final class HomeFileSystem extends LocalFileSystem {
    public HomeFileSystem() {
      super(new RawLocalFileSystem());
    }

    @Override
    public Path getHomeDirectory() {
      return new Path(home.toUri());
    }
  }

  private final Configuration conf = new Configuration();

  TestStagingDirectory() {
    conf.setClass("fs.file.impl", HomeFileSystem.class, FileSystem.class);
    conf.setBoolean("fs.file.impl.disable.cache", true);
  }

  @Test
  void isForTheOwnerAlone() throws IOException {
    StagingDirectory staging = new StagingDirectory(conf);
    Path folder = staging.ofApplication("application_1_1");

    staging.create(folder);

    FileSystem fs = staging.fileSystem();
    assertThat(fs.getFileStatus(folder).getPermission()).hasToString("rwx------");
    assertThat(fs.getFileStatus(new Path(fs.getHomeDirectory(), ".dicm")).getPermission())
        .hasToString("rwx------");

    staging.deleteApplication("application_1_1");
    assertThat(fs.exists(folder)).isFalse();
  }

  @Test
  void openFolderIsRefused() throws IOException {
    StagingDirectory staging = new StagingDirectory(conf);
    staging.create(staging.ofApplication("application_1_2"));
    FileSystem fs = staging.fileSystem();
    Path root = new Path(fs.getHomeDirectory(), ".dicm");
    fs.setPermission(root, new FsPermission((short) 0755));

    assertThatThrownBy(() -> staging.create(staging.ofApplication("application_1_3")))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("with permissions rwxr-xr-x")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    fs.setPermission(root, new FsPermission((short) 0700));
  }

  @Test
  void jarIsUploadedOnceForEachContent() throws IOException {
    JarStore store = new JarStore(new StagingDirectory(conf));
    java.nio.file.Path jar = Files.writeString(home.resolve("dicm.jar"), "one");

    Path first = store.upload(jar);
    java.nio.file.Path uploaded = java.nio.file.Path.of(first.toUri());
    Files.writeString(uploaded, "ONE");
    assertThat(store.upload(jar)).isEqualTo(first);
    assertThat(Files.readString(uploaded)).as("not uploaded again").isEqualTo("ONE");

    Files.writeString(jar, "two");
    assertThat(store.upload(jar)).isNotEqualTo(first);
  }

  @Test
  void uploadsLeftByKilledClientsAreDeleted() throws IOException {
    JarStore store = new JarStore(new StagingDirectory(conf));
    java.nio.file.Path jar = Files.writeString(home.resolve("dicm.jar"), "three");
    java.nio.file.Path folder = java.nio.file.Path.of(store.upload(jar).toUri()).getParent();
    java.nio.file.Path old = Files.writeString(folder.resolve("dicm.jar.old"), "");
    java.nio.file.Path young = Files.writeString(folder.resolve("dicm.jar.young"), "");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));

    Files.writeString(jar, "four");
    store.upload(jar);

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(folder.resolve("dicm.jar")).exists();
  }
}
