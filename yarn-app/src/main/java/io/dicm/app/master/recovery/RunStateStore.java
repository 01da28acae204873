package io.dicm.app.master.recovery;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Keeps the {@link RunState} in a file of the staging directory, for its owner alone. A reader sees
 * the old state or the new one, never a part. Not safe for use by many threads.
 */
public final class RunStateStore {
  /** The file's name in the staging directory. */
  public static final String NAME = "state.json";

  private static final FsPermission OWNER_ONLY = new FsPermission((short) 0600);

  private final Configuration conf;
  private final Path file;

  /**
   * @param stagingDirectory the application's
   */
  public RunStateStore(Configuration conf, Path stagingDirectory) {
    this.conf = conf;
    this.file = new Path(stagingDirectory, NAME);
  }

  /**
   * What was kept last; nothing when nothing was.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when it cannot be understood, {@link
   *     ErrorCode#STORAGE_FAILED} when it cannot be read
   */
  public Optional<RunState> read() throws IOException {
    if (!file.getFileSystem(conf).exists(file)) {
      return Optional.empty();
    }
    RunState state = new JsonFiles(conf).read(file, RunState.class, ErrorCode.STORE_CORRUPT);
    if (state.version() != RunState.VERSION || state.history() == null) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot go on with %s: its version is %d, this program reads %d. Run the pipeline again."
              .formatted(file, state.version(), RunState.VERSION));
    }
    return Optional.of(state);
  }

  /**
   * Keeps a state in place of the one before.
   *
   * @throws DicmException {@link ErrorCode#STALE_EPOCH} when a later attempt has kept one: this one
   *     must then change nothing more
   */
  public void save(RunState state) throws IOException {
    Optional<RunState> kept = read();
    if (kept.isPresent() && kept.get().attempt() > state.attempt()) {
      throw new DicmException(
          ErrorCode.STALE_EPOCH,
          "Attempt %d of the application master ends: attempt %d has taken over."
              .formatted(state.attempt(), kept.get().attempt()));
    }
    FileSystem fs = file.getFileSystem(conf);
    Path unfinished = file.suffix(".tmp-" + state.attempt());
    new JsonFiles(conf).write(unfinished, state);
    fs.setPermission(unfinished, OWNER_ONLY);
    FileContext.getFileContext(file.toUri(), conf).rename(unfinished, file, Rename.OVERWRITE);
  }
}
