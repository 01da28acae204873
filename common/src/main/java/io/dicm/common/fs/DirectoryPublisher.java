package io.dicm.common.fs;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Publishes a directory as a whole: writers fill a staging directory beside the target, and {@link
 * #publish} writes {@code _SUCCESS} there and renames it into place. A reader sees the old
 * directory, nothing, or the new directory with its {@code _SUCCESS}; never a part of one.
 *
 * <p>Not safe for use by many threads; several publishers may work on one parent at a time.
 */
public final class DirectoryPublisher implements AutoCloseable {
  /** The marker of a complete directory. */
  public static final String SUCCESS = "_SUCCESS";

  /** How the names of staging directories begin; the target's name and a random UUID follow. */
  public static final String STAGING = "_staging-";

  /** How the names of earlier targets begin that were moved aside; target and UUID follow. */
  public static final String ASIDE = "_old-";

  private final Configuration conf;
  private final FileSystem fs;
  private final Path target;
  private final Path staging;
  private boolean published;

  /** Prepares an empty staging directory for {@code target}. */
  public DirectoryPublisher(Configuration conf, Path target) throws IOException {
    this.conf = conf;
    this.fs = target.getFileSystem(conf);
    // A path made from a URI may end in "/": it would have no name and be its own parent.
    this.target = new Path(target.toString());
    this.staging =
        new Path(
            this.target.getParent(), STAGING + this.target.getName() + "-" + UUID.randomUUID());
    fs.mkdirs(staging);
  }

  /** Where the writers put their files. */
  public Path staging() {
    return staging;
  }

  /**
   * Makes the staged files the content of the target; an earlier target is moved aside first and
   * deleted afterwards.
   *
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when the file system refuses the rename;
   *     the earlier target is then back in its place
   */
  public void publish() throws IOException {
    fs.create(new Path(staging, SUCCESS), true).close();
    Path aside = new Path(target.getParent(), ASIDE + target.getName() + "-" + UUID.randomUUID());
    boolean replacing = fs.exists(target);
    if (replacing) {
      rename(target, aside);
    }
    try {
      rename(staging, target);
    } catch (IOException | DicmException e) {
      if (replacing) {
        rename(aside, target);
      }
      throw e;
    }
    published = true;
    if (replacing) {
      fs.delete(aside, true);
    }
  }

  /**
   * Makes the staged files the content of the target, which must not be there yet.
   *
   * @throws FileAlreadyExistsException when it is; it stays as it is
   */
  public void publishNew() throws IOException {
    fs.create(new Path(staging, SUCCESS), true).close();
    // The plain rename would move the directory into a target that has appeared meanwhile.
    FileContext.getFileContext(fs.getUri(), conf).rename(staging, target);
    published = true;
  }

  /**
   * Moves a staged directory beside the target, where it stays when nothing is published: a list of
   * what was wrong. It replaces an earlier one.
   *
   * @param name of a directory in the staging directory, such as {@code rejects}
   * @return where it is now, such as {@code _rejects-<name of the target>}
   */
  public Path keep(String name) throws IOException {
    String hidden = name.startsWith("_") ? name : "_" + name;
    Path kept = new Path(target.getParent(), hidden + "-" + target.getName());
    fs.delete(kept, true);
    rename(new Path(staging, name), kept);
    return kept;
  }

  /** Whether a directory is there and complete. */
  public static boolean isComplete(Configuration conf, Path directory) throws IOException {
    return directory.getFileSystem(conf).exists(new Path(directory, SUCCESS));
  }

  /** Removes the staging directory unless it was published. */
  @Override
  public void close() throws IOException {
    if (!published) {
      fs.delete(staging, true);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot rename " + from + " to " + to + ": the file system refused.");
    }
  }
}
