package io.dicm.feature.source;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files of a directory and of all below it, or one file. Files and directories whose name
 * begins with {@code .} or {@code _} are left out. A directory costs the file system one request
 * for each page of its entries and a file none: what a listing tells of it is all that is asked
 * for. Immutable and safe for use by many threads.
 */
final class FileTree {
  private final FileSystem fs;
  private final Path root;

  FileTree(Configuration conf, Path root) throws IOException {
    this.fs = root.getFileSystem(conf);
    this.root = fs.makeQualified(root);
  }

  FileSystem fileSystem() {
    return fs;
  }

  Path root() {
    return root;
  }

  /** Where a file of the tree is. */
  Path path(String name) {
    return name.isEmpty() ? root : new Path(root, name);
  }

  /**
   * Streams the files; memory is that of one page of entries and of the directories still to come.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when the root is not there; while going
   *     on, {@link ErrorCode#INPUT_INVALID} for a name with a colon
   */
  RemoteIterator<ListedFile> files() throws IOException {
    try {
      FileStatus status = fs.getFileStatus(root);
      return status.isFile() ? new OneFile(new ListedFile("", status)) : new Walk();
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot extract images: there is no directory " + root + ".", e);
    }
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  private static final class OneFile implements RemoteIterator<ListedFile> {
    private ListedFile file;

    private OneFile(ListedFile file) {
      this.file = file;
    }

    @Override
    public boolean hasNext() {
      return file != null;
    }

    @Override
    public ListedFile next() {
      if (file == null) {
        throw new NoSuchElementException();
      }
      ListedFile only = file;
      file = null;
      return only;
    }
  }

  /** Goes through one directory after the other; names of directories end in {@code /}. */
  private final class Walk implements RemoteIterator<ListedFile> {
    private final Deque<String> directories = new ArrayDeque<>();
    private String directory = "";
    private RemoteIterator<FileStatus> entries;
    private ListedFile next;

    private Walk() throws IOException {
      entries = fs.listStatusIterator(root);
    }

    @Override
    public boolean hasNext() throws IOException {
      while (next == null) {
        if (entries.hasNext()) {
          take(entries.next());
        } else if (directories.isEmpty()) {
          return false;
        } else {
          directory = directories.pop();
          entries = entriesOf(directory);
        }
      }
      return true;
    }

    @Override
    public ListedFile next() throws IOException {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ListedFile file = next;
      next = null;
      return file;
    }

    private void take(FileStatus status) {
      String name = status.getPath().getName();
      if (name.indexOf(':') >= 0) {
        throw colon(directory + name);
      }
      if (isHidden(name)) {
        return;
      }
      if (status.isDirectory()) {
        directories.push(directory + name + "/");
      } else if (status.isFile()) {
        next = new ListedFile(directory + name, status);
      }
    }

    private RemoteIterator<FileStatus> entriesOf(String name) throws IOException {
      try {
        return fs.listStatusIterator(path(name));
      } catch (FileNotFoundException e) {
        throw new DicmException(
            ErrorCode.INPUT_MISSING,
            "Cannot extract images of "
                + root
                + ": "
                + name
                + " was removed while it was listed. Try again when nothing changes there.",
            e);
      }
    }

    private DicmException colon(String name) {
      return new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot extract images of "
              + root
              + ": the name of "
              + name
              + " has a colon, which Hadoop's paths cannot have. Rename it.");
    }
  }
}
