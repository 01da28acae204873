package io.dicm.feature.source;

import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.hdfs.CannotObtainBlockLengthException;
import org.apache.hadoop.security.AccessControlException;

/**
 * Tells a file that cannot be read from a file system that cannot: one file among millions is
 * rejected, all else fails the task.
 */
final class ReadTrouble {
  private static final int MOST_DETAIL = 300;

  private ReadTrouble() {}

  /** Asks the file system whether the file is there. */
  @FunctionalInterface
  interface Presence {
    boolean isThere() throws IOException;
  }

  /**
   * The rejection of a file that was listed and could not be read.
   *
   * @param presence asked only when opening the file said that it is not there, which the local
   *     file system says as well of one that it may not open
   * @throws IOException {@code cause} itself when it is not about this one file
   */
  static RejectedImage of(IOException cause, Presence presence) throws IOException {
    if (cause instanceof FileNotFoundException || cause instanceof NoSuchFileException) {
      return isThere(presence)
          ? unreadable(cause)
          : new RejectedImage(RejectionReason.VANISHED, "listed, and gone when it was read");
    }
    if (isOfOneFile(cause)) {
      return unreadable(cause);
    }
    throw cause;
  }

  private static boolean isThere(Presence presence) throws IOException {
    try {
      return presence.isThere();
    } catch (IOException e) {
      if (isOfOneFile(e)) {
        return true;
      }
      throw e;
    }
  }

  private static boolean isOfOneFile(IOException trouble) {
    return trouble instanceof BlockMissingException
        || trouble instanceof CannotObtainBlockLengthException
        || trouble instanceof ChecksumException
        || trouble instanceof AccessControlException
        || trouble instanceof AccessDeniedException;
  }

  private static RejectedImage unreadable(IOException cause) {
    String text =
        (cause.getClass().getSimpleName() + ": " + cause.getMessage())
            .lines()
            .findFirst()
            .orElseThrow();
    return new RejectedImage(
        RejectionReason.UNREADABLE_FILE, text.substring(0, Math.min(text.length(), MOST_DETAIL)));
  }
}
