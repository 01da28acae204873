package io.dicm.feature.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;

/** The local file system, in which a file's name says what trouble there is when it is opened. */
public final class TroubledFileSystem extends LocalFileSystem {
  static void use(Configuration conf) {
    conf.setClass("fs.file.impl", TroubledFileSystem.class, LocalFileSystem.class);
    conf.setBoolean("fs.file.impl.disable.cache", true);
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    String file = path.getName();
    switch (file) {
      case "missing-block" -> throw new BlockMissingException(file, "No live node has it", 0);
      case "not-allowed" -> throw new AccessControlException("Permission denied: " + file);
      case "not-allowed-locally" -> throw new FileNotFoundException(path + " (Permission denied)");
      case "refused" -> throw new ConnectException("Connection refused for " + file);
      case "safe-mode" ->
          throw new RemoteException(
              "org.apache.hadoop.hdfs.server.namenode.SafeModeException", file);
      case "no-more-disk" -> throw new IOException("Input/output error of " + file);
      default -> {
        return super.open(path, bufferSize);
      }
    }
  }
}
