package io.dicm.common.fs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.io.nativeio.NativeIO;

/**
 * Local files whose permissions are set by this process. Where Hadoop's native library is missing
 * its own file system starts a process for each file and directory that it makes, for many twice:
 * about a hundred for a small MapReduce job.
 */
public final class DirectLocalFileSystem extends LocalFileSystem {
  private static final URI LOCAL = URI.create("file:///");
  private static final String IMPLEMENTATION_KEY = "fs.file.impl";

  /** For Hadoop. */
  public DirectLocalFileSystem() {
    super(new DirectRawFileSystem());
  }

  /**
   * Has all of this process's users of the local file system, whatever their configuration, use
   * this one; for the start of a process, since what is open already stays as it is. Does nothing
   * where the native library is there, or where the configuration names a class. The configuration
   * itself stays as it is: other processes that get it need not know this class.
   */
  public static void install(Configuration conf) throws IOException {
    if (NativeIO.isAvailable() || conf.get(IMPLEMENTATION_KEY) != null) {
      return;
    }
    Configuration own = new Configuration(conf);
    own.setClass(IMPLEMENTATION_KEY, DirectLocalFileSystem.class, FileSystem.class);
    // Hadoop keeps it by scheme and user.
    FileSystem unused = FileSystem.get(LOCAL, own);
  }

  private static final class DirectRawFileSystem extends RawLocalFileSystem {
    private static final int NINE_BITS = 0777;

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      if ((permission.toShort() & ~NINE_BITS) != 0) {
        super.setPermission(path, permission); // Sticky: Java has no word for it.
        return;
      }
      try {
        Files.setPosixFilePermissions(
            pathToFile(path).toPath(),
            PosixFilePermissions.fromString(
                FsPermission.createImmutable(permission.toShort()).toString()));
      } catch (NoSuchFileException e) {
        FileNotFoundException missing =
            new FileNotFoundException("File " + path + " does not exist");
        missing.initCause(e);
        throw missing;
      }
    }
  }
}
