package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.fs.ChecksumException;

/** Tells errors that prove a file's damage from trouble with reading it, which may pass. */
final class Damage {
  private Damage() {}

  /** Whether the content that was read, or its checksum, is wrong for certain. */
  static boolean isProvenBy(Exception error) {
    if (error instanceof DicmException known && known.code() == ErrorCode.STORE_CORRUPT) {
      return true;
    }
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ChecksumException) {
        return true;
      }
    }
    return false;
  }
}
