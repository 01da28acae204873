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

  /**
   * Key of who publishes, such as an application's ID: it is part of the names of what may be left
   * when that is killed, so that nothing of another is taken for it. Empty: nobody in particular.
   */
  public static final String OWNER = "dicm.internal.publisher";

  /**
   * How the names of staging directories begin; the target's name, the owner if there is one, and a
   * random UUID follow, with "-" between them.
   */
  public static final String STAGING = "_staging-";

  /** How the names of earlier targets begin that were moved aside; target and UUID follow. */
  public static final String ASIDE = "_old-";

  private final Configuration conf;
  private final FileSystem fs;
  private final Path target;
  private final Path staging;
  private final String suffix;
  private boolean published;

  /** Prepares an empty staging directory for {@code target}. */
  public DirectoryPublisher(Configuration conf, Path target) throws IOException {
    this.conf = conf;
    this.fs = target.getFileSystem(conf);
    // A path made from a URI may end in "/": it would have no name and be its own parent.
    this.target = new Path(target.toString());
    String owner = conf.get(OWNER, "");
    this.suffix = this.target.getName() + "-" + (owner.isEmpty() ? "" : owner + "-");
    this.staging = new Path(this.target.getParent(), STAGING + suffix + UUID.randomUUID());
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
   *     the earlier target is then back in its place. Also when somebody has removed the staging
   *     directory: what is in it now would be a part
   */
  public void publish() throws IOException {
    markComplete();
    Path aside = new Path(target.getParent(), ASIDE + suffix + UUID.randomUUID());
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
    markComplete();
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

  private void markComplete() throws IOException {
    if (!fs.exists(staging)) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot publish %s: %s, where it was written, is gone. Another command may have tidied up; run again."
              .formatted(target, staging));
    }
    fs.create(new Path(staging, SUCCESS), true).close();
  }

  private void rename(Path from, Path to) throws IOException {
    if (!fs.rename(from, to)) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot rename " + from + " to " + to + ": the file system refused.");
    }
  }
}
