package io.dicm.app.client;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * The folder {@code .dicm} below the user's home, for this user alone: {@code jars} by digest,
 * {@code staging} by application, and {@code submissions} with what was asked for.
 */
public final class StagingDirectory {
  private static final FsPermission OWNER_ONLY = new FsPermission((short) 0700);

  private final FileSystem fs;
  private final Path root;

  public StagingDirectory(Configuration conf) throws IOException {
    this.fs = FileSystem.get(conf);
    this.root = new Path(fs.getHomeDirectory(), ".dicm");
  }

  /** The folder {@code .dicm}, which may not be there yet. */
  public Path root() {
    return root;
  }

  /** An application's own folder; not made yet. */
  public Path ofApplication(String applicationId) {
    return new Path(new Path(root, "staging"), applicationId);
  }

  /** The folder with what the user's submissions asked for; not made yet. */
  Path ofSubmissions() {
    return new Path(root, "submissions");
  }

  /** The folder of a jar with this digest; not made yet. */
  Path ofJar(String digest) {
    return new Path(new Path(root, "jars"), digest);
  }

  FileSystem fileSystem() {
    return fs;
  }

  /**
   * Makes a folder below.
   *
   * @throws DicmException {@link ErrorCode#AUTHENTICATION_FAILED} when {@code .dicm} is another
   *     user's, or open to others
   */
  void create(Path folder) throws IOException {
    if (!fs.exists(root)) {
      FileSystem.mkdirs(fs, root, OWNER_ONLY);
    }
    requireOurs();
    FileSystem.mkdirs(fs, folder, OWNER_ONLY);
  }

  /** Deletes an application's folder, if there. */
  public void deleteApplication(String applicationId) throws IOException {
    fs.delete(ofApplication(applicationId), true);
  }

  private void requireOurs() throws IOException {
    FileStatus status = fs.getFileStatus(root);
    String user = UserGroupInformation.getCurrentUser().getShortUserName();
    FsPermission permission = status.getPermission();
    boolean closed =
        permission.getGroupAction() == FsAction.NONE
            && permission.getOtherAction() == FsAction.NONE;
    if (!status.getOwner().equals(user) || !closed) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot use %s: it belongs to %s with permissions %s, needed %s with rwx------."
              .formatted(root, status.getOwner(), permission, user));
    }
  }
}
