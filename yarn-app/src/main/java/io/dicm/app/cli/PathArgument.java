package io.dicm.app.cli;

import io.dicm.app.pipeline.PathText;
import io.dicm.common.error.DicmException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Paths on the command line. */
final class PathArgument {
  private PathArgument() {}

  /** The path that an argument names. */
  static Path parse(String text) throws UsageException {
    try {
      return PathText.parse(text);
    } catch (DicmException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** As {@link #parse}; without a scheme it is a local path if that is there. */
  static Path localFirst(Configuration conf, String text) throws IOException, UsageException {
    Path path = parse(text);
    FileSystem local = FileSystem.getLocal(conf);
    boolean here = path.toUri().getScheme() == null && local.exists(path);
    return here ? local.makeQualified(path) : path;
  }
}
