package io.dicm.feature.store;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * The local file system, in which files whose path contains a text cannot be opened, or directories
 * cannot be listed: as when a DataNode is down, or access is denied.
 */
public final class FailingFileSystem extends LocalFileSystem {
  private static final String OPEN = "test.failing.open";
  private static final String LIST = "test.failing.list";

  /** A configuration in which what contains a text cannot be opened. */
  static Configuration failingToOpen(Configuration conf, String text) {
    return with(conf, OPEN, text);
  }

  /** A configuration in which directories that contain a text must not be listed. */
  static Configuration failingToList(Configuration conf, String text) {
    return with(conf, LIST, text);
  }

  private static Configuration with(Configuration conf, String key, String text) {
    Configuration failing = new Configuration(conf);
    failing.setClass("fs.file.impl", FailingFileSystem.class, LocalFileSystem.class);
    failing.setBoolean("fs.file.impl.disable.cache", true);
    failing.set(key, text);
    return failing;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    if (isMeant(OPEN, path)) {
      throw new IOException("the DataNode of " + path.getName() + " is down");
    }
    return super.open(path, bufferSize);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    if (isMeant(LIST, path)) {
      throw new AccessControlException("access to " + path.getName() + " is denied");
    }
    return super.listStatus(path);
  }

  private boolean isMeant(String key, Path path) {
    String text = getConf().get(key, "");
    return !text.isEmpty() && path.toString().contains(text);
  }
}
