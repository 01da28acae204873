package io.dicm.common.fs;

import java.io.IOException;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The local file system, refusing to move a staging directory into place: what a quota or a
 * permission on the parent does.
 */
public final class RefusingFileSystem extends LocalFileSystem {
  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !from.getName().startsWith("_staging-") && super.rename(from, to);
  }
}
