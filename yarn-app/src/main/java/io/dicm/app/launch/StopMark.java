package io.dicm.app.launch;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file in an application's staging directory by which its owner asks it to end well: with a last
 * checkpoint, if it trains.
 */
public final class StopMark {
  private static final String NAME = "stop";

  private final Configuration conf;
  private final Path file;

  /**
   * @param staging directory of the application
   */
  public StopMark(Configuration conf, Path staging) {
    this.conf = conf;
    this.file = new Path(staging, NAME);
  }

  /**
   * Leaves it; where it lies already, nothing happens.
   *
   * @return whether the staging directory was still there
   */
  public boolean leave() throws IOException {
    try {
      // Not recursive: it must not bring a directory back that was just deleted.
      fileSystem().createFile(file).overwrite(true).build().close();
      return true;
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /** Whether it lies there. */
  public boolean isThere() throws IOException {
    return fileSystem().exists(file);
  }

  private FileSystem fileSystem() throws IOException {
    return file.getFileSystem(conf);
  }
}
