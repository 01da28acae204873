package io.dicm.feature.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system, which counts what is done with it and stops for good before an operation
 * of a given number: there the process is killed.
 */
public final class GatedFileSystem extends LocalFileSystem {
  private static final AtomicInteger OPERATIONS = new AtomicInteger();
  private static volatile int stopBefore;
  private static volatile java.nio.file.Path reached;

  public GatedFileSystem() {
    super(new Raw());
  }

  /**
   * @param operation number of the operation that is not made, from 1; 0: all are made
   * @param marker file that then says which it is
   */
  static void arm(int operation, java.nio.file.Path marker) {
    stopBefore = operation;
    reached = marker;
  }

  /** Operations so far. */
  static int operations() {
    return OPERATIONS.get();
  }

  private static void pass(String operation, Path path) {
    if (OPERATIONS.incrementAndGet() != stopBefore) {
      return;
    }
    try {
      java.nio.file.Path written = reached.resolveSibling("writing");
      Files.writeString(written, operation + " " + path);
      Files.move(written, reached);
      new CountDownLatch(1).await();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Raw extends RawLocalFileSystem {
    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
      pass("open", path);
      return super.open(path, bufferSize);
    }

    @Override
    public FSDataOutputStream create(
        Path path,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      pass("create", path);
      return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream create(
        Path path,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      pass("create", path);
      return super.create(
          path, permission, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      pass("rename", to);
      return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
      pass("delete", path);
      return super.delete(path, recursive);
    }
  }
}
