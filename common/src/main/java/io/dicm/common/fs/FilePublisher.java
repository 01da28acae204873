package io.dicm.common.fs;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Publishes a file as a whole: it is written beside its place and renamed. A reader sees the old
 * file, nothing, or the new file, also where the writer died; never a part of one.
 *
 * @param conf names the file systems
 */
public record FilePublisher(Configuration conf) {

  /**
   * Makes these bytes the file's content, replacing an earlier file.
   *
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when the file system refuses the rename
   */
  public void publish(Path file, byte[] content) throws IOException {
    FileSystem fs = file.getFileSystem(conf);
    Path staging =
        new Path(
            file.getParent(),
            DirectoryPublisher.STAGING + file.getName() + "-" + UUID.randomUUID());
    try {
      try (OutputStream out = fs.create(staging, true)) {
        out.write(content);
      }
      fs.delete(file, false);
      if (!fs.rename(staging, file)) {
        throw new DicmException(
            ErrorCode.STORAGE_FAILED,
            "Cannot rename " + staging + " to " + file + ": the file system refused.");
      }
    } catch (IOException | DicmException e) {
      fs.delete(staging, false);
      throw e;
    }
  }
}
