package io.dicm.common.fs;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
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
   * @throws IOException when the file system refuses; an earlier file is then as it was
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
      FileContext.getFileContext(fs.getUri(), conf)
          .rename(staging, file, Options.Rename.OVERWRITE);
    } catch (IOException e) {
      fs.delete(staging, false);
      throw e;
    }
  }
}
