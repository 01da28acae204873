package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where an import goes to.
 *
 * @param directory on any Hadoop file system
 * @param overwrite whether to replace a directory that holds something
 */
public record ImportTarget(Path directory, boolean overwrite) {

  /**
   * Prepares to publish the directory.
   *
   * @throws DicmException {@link ErrorCode#OUTPUT_EXISTS}
   */
  DirectoryPublisher open(Configuration conf) throws IOException {
    FileSystem fs = directory.getFileSystem(conf);
    if (!overwrite && fs.exists(directory) && fs.listStatus(directory).length > 0) {
      throw new DicmException(
          ErrorCode.OUTPUT_EXISTS,
          "Cannot import to "
              + directory
              + ": it is there and not empty. Choose another directory or ask to overwrite it.");
    }
    return new DirectoryPublisher(conf, fs.makeQualified(directory));
  }
}
