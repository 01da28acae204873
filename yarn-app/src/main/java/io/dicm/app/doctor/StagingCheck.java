package io.dicm.app.doctor;

import io.dicm.app.client.StagingDirectory;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * Whether submissions can keep their files in {@code .dicm} of the user's home, unseen by others.
 */
record StagingCheck(Configuration conf) implements Check {
  private static final int GROUP_AND_OTHERS = 077;

  @Override
  public String what() {
    return "staging";
  }

  @Override
  public List<Finding> look() throws IOException {
    FileSystem fs = FileSystem.get(conf);
    Path root = fs.makeQualified(new StagingDirectory(conf).root());
    Places places = new Places(fs);
    Path nearest = places.nearest(root);
    String user = UserGroupInformation.getCurrentUser().getShortUserName();
    if (!places.allows(nearest, FsAction.WRITE_EXECUTE)) {
      return List.of(
          Finding.failed(
              ErrorCode.STORAGE_FAILED,
              what(),
              user + " may not write to " + nearest,
              "Have " + fs.getHomeDirectory() + " made for " + user + "."));
    }
    if (!nearest.equals(root)) {
      return List.of(Finding.ok(what(), root + " will be made"));
    }
    FileStatus status = fs.getFileStatus(root);
    boolean closed = (status.getPermission().toShort() & GROUP_AND_OTHERS) == 0;
    return List.of(
        status.getOwner().equals(user) && closed
            ? Finding.ok(what(), root + " is there, for " + user + " alone")
            : Finding.failed(
                ErrorCode.AUTHENTICATION_FAILED,
                what(),
                "%s belongs to %s with %s"
                    .formatted(root, status.getOwner(), status.getPermission()),
                "It must be %s's with rwx------.".formatted(user)));
  }
}
