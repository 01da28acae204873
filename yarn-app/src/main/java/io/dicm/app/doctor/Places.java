package io.dicm.app.doctor;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;

/** Looks at directories of one file system without making any. */
record Places(FileSystem fs) {
  /** The directory itself, or the nearest one above that is there. */
  Path nearest(Path directory) throws IOException {
    Path place = fs.makeQualified(directory);
    while (place.getParent() != null && !isSeen(place)) {
      place = place.getParent();
    }
    return place;
  }

  /** What lies in a directory that this user may not enter, or below a file, is not. */
  private boolean isSeen(Path place) throws IOException {
    try {
      return fs.exists(place);
    } catch (AccessControlException | ParentNotDirectoryException e) {
      return false;
    }
  }

  /** Whether this user may do so. */
  boolean allows(Path place, FsAction action) throws IOException {
    try {
      fs.access(place, action);
      return true;
    } catch (AccessControlException e) {
      return false;
    }
  }
}
