package org.apache.hadoop.io;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Stands on the sandbox's class paths before Hadoop's class of this name. With Kerberos that one
 * asks native code for the owner of a file before it gives MapReduce's intermediate files or a
 * container's logs away; there is no such code here, and all these files belong to who runs the
 * sandbox. So nothing is asked. For trying and testing alone.
 */
public class SecureIOUtils {
  private SecureIOUtils() {}

  /** Opens a file; the owner is not looked at. */
  public static RandomAccessFile openForRandomRead(
      File file, String mode, String expectedOwner, String expectedGroup) throws IOException {
    return new RandomAccessFile(file, mode);
  }

  /** Opens a file; the owner is not looked at. */
  public static FSDataInputStream openFSDataInputStream(
      File file, String expectedOwner, String expectedGroup) throws IOException {
    return FileSystem.getLocal(new Configuration()).getRaw().open(new Path(file.toURI()));
  }

  /** Opens a file; the owner is not looked at. */
  public static FileInputStream openForRead(File file, String expectedOwner, String expectedGroup)
      throws IOException {
    return new FileInputStream(file);
  }

  /**
   * Makes a file.
   *
   * @param permissions of its mode
   * @throws AlreadyExistsException when it is there
   */
  public static FileOutputStream createForWrite(File file, int permissions) throws IOException {
    try {
      Files.createFile(
          file.toPath(),
          PosixFilePermissions.asFileAttribute(
              PosixFilePermissions.fromString(new FsPermission((short) permissions).toString())));
    } catch (FileAlreadyExistsException e) {
      throw new AlreadyExistsException(e);
    }
    return new FileOutputStream(file);
  }

  /** A file that was to be made is there. */
  public static class AlreadyExistsException extends IOException {
    private static final long serialVersionUID = 1L;

    public AlreadyExistsException(String message) {
      super(message);
    }

    public AlreadyExistsException(Throwable cause) {
      super(cause);
    }
  }
}
