package io.dicm.feature.decode;

/**
 * Why an image has no vector. The names are what rejects files and counters say. Some reasons lie
 * in the machine or in the moment, not in the picture: the next extraction tries such files again.
 */
public enum RejectionReason {
  /** The file has no bytes. */
  EMPTY(true),
  /** The file was listed and has gone since. */
  VANISHED(false),
  /** The file is there, and cannot be read: a block is missing, or it may not be opened. */
  UNREADABLE_FILE(false),
  /** More bytes than {@code dicm.extract.max-image-bytes}. */
  TOO_LARGE(true),
  /** More pixels than {@code dicm.extract.max-image-pixels}. */
  TOO_MANY_PIXELS(true),
  /** More pixels than the heap of this task has room for, with so many threads that decode. */
  HEAP_TOO_SMALL(false),
  /** Decoding took longer than {@code dicm.extract.max-image-seconds}. */
  TOO_SLOW(false),
  /** Not a picture at all, or a kind of picture that is not read. */
  UNSUPPORTED(true),
  /** The picture ends too early. */
  TRUNCATED(true),
  /** A checksum does not fit. */
  CHECKSUM_MISMATCH(true),
  /** The picture is of a known kind, and broken in some other way. */
  UNREADABLE(true),
  /** A value of the vector is no finite number, or is too large for half precision. */
  VECTOR_NOT_FINITE(true);

  private final boolean lasting;

  RejectionReason(boolean lasting) {
    this.lasting = lasting;
  }

  /**
   * Whether the same file is rejected again under the same settings, whatever the machine. Only
   * such rejections are remembered.
   */
  public boolean isLasting() {
    return lasting;
  }
}
