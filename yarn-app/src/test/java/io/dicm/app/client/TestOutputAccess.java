package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestOutputAccess {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();

  /**
   * A local file system that gives nobody the right to write folders of the name in its
   * configuration.
   */
  public static final class LockingFileSystem extends LocalFileSystem {
    @Override
    public void access(Path path, FsAction mode) throws IOException {
      if (path.getName().equals(getConf().get("test.locked", "locked"))
          && mode.implies(FsAction.WRITE)) {
        throw new AccessControlException("Permission denied: user=ann, access=WRITE\nand more");
      }
    }
  }

  TestOutputAccess() {
    conf.setClass("fs.file.impl", LockingFileSystem.class, FileSystem.class);
    conf.setBoolean("fs.file.impl.disable.cache", true);
  }

  @Test
  void workspaceIsMade() throws IOException {
    access("new", "a").check();

    assertThat(folder.resolve("new")).isDirectory();
  }

  @Test
  void lockedWorkspaceIsOneSentence() {
    assertThatThrownBy(() -> access("locked", "a").check())
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot write to file:%s: Permission denied: user=ann, access=WRITE.",
            folder.resolve("locked"))
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STORAGE_FAILED);
  }

  /** Another user's folder of predictions in a workspace that is open. */
  @Test
  void foldersBelowAreLookedAt() throws IOException {
    Files.createDirectories(folder.resolve("work/models"));
    access("work", "a").check();
    conf.set("test.locked", "models");
    access("work", "a").check();
    conf.set("test.locked", "predictions");
    access("work", "a").check();
    Files.createDirectories(folder.resolve("work/predictions/dt=2026-06-30"));

    assertThatThrownBy(() -> access("work", "a").check())
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith("Cannot write to file:%s: ", folder.resolve("work/predictions"));
  }

  private OutputAccess access(String workspace, String run) {
    return new OutputAccess(
        conf,
        new PipelineSettings(
            "shop",
            null,
            new Workspace(new Path("file:" + folder.resolve(workspace))),
            "2026-07-01",
            run,
            List.of(StageName.PREDICT)));
  }
}
