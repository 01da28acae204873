package io.dicm.feature.job;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * {@code synthetic:///FOLDERS/FILES}: so many folders of so many files each, made up when they are
 * listed, a thousand a request as HDFS does; every request is counted.
 */
public final class SyntheticFileSystem extends FileSystem {
  static final AtomicLong LISTING_REQUESTS = new AtomicLong();
  static final AtomicLong OTHER_REQUESTS = new AtomicLong();
  private static final int FILE_BYTES = 20_000;
  private static final int PAGE = 1000;
  private static final URI ROOT = URI.create("synthetic:///");

  static void reset() {
    LISTING_REQUESTS.set(0);
    OTHER_REQUESTS.set(0);
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public RemoteIterator<FileStatus> listStatusIterator(Path path) {
    String[] parts = path.toUri().getPath().split("/", -1);
    long folders = Long.parseLong(parts[1]);
    long files = Long.parseLong(parts[2]);
    boolean root = parts.length == 3;
    long entries = root ? folders : files;
    String parent = ROOT.getScheme() + ":" + path.toUri().getPath() + "/";
    return new RemoteIterator<>() {
      private long next;

      @Override
      public boolean hasNext() {
        return next < entries;
      }

      @Override
      public FileStatus next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (next % PAGE == 0) {
          LISTING_REQUESTS.incrementAndGet();
        }
        String name = root ? "folder-" + next : "image-" + next + ".jpg";
        next++;
        return new FileStatus(
            root ? 0 : FILE_BYTES,
            root,
            1,
            1 << 27,
            1_700_000_000_000L,
            // Not of the parent's path and a name: Hadoop joins them by regular expressions.
            new Path(URI.create(parent + name)));
      }
    };
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    throw new UnsupportedOperationException("a whole directory at a time");
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    OTHER_REQUESTS.incrementAndGet();
    return new FileStatus(0, true, 1, 1 << 27, 1_700_000_000_000L, path);
  }

  @Override
  public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) {
    OTHER_REQUESTS.incrementAndGet();
    return new BlockLocation[0];
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    OTHER_REQUESTS.incrementAndGet();
    return new FSDataInputStream(new org.apache.hadoop.fs.BufferedFSInputStream(new Zeros(), 1));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setWorkingDirectory(Path path) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path(ROOT);
  }

  /** A file of zeros. */
  private static final class Zeros extends org.apache.hadoop.fs.FSInputStream {
    private long position;

    @Override
    public void seek(long newPosition) throws IOException {
      if (newPosition > FILE_BYTES) {
        throw new EOFException("no byte " + newPosition);
      }
      position = newPosition;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public boolean seekToNewSource(long newPosition) {
      return false;
    }

    @Override
    public int read() {
      if (position == FILE_BYTES) {
        return -1;
      }
      position++;
      return 0;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int count = (int) Math.min(length, FILE_BYTES - position);
      if (count == 0 && length > 0) {
        return -1;
      }
      Arrays.fill(bytes, offset, offset + count, (byte) 0);
      position += count;
      return count;
    }
  }
}
