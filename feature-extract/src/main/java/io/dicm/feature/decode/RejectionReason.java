package io.dicm.feature.decode;

/** Why an image has no vector. The names are what rejects files and counters say. */
public enum RejectionReason {
  /** The file has no bytes. */
  EMPTY,
  /** The file was listed and has gone since. */
  VANISHED,
  /** More bytes than {@code dicm.extract.max-image-bytes}. */
  TOO_LARGE,
  /** More pixels than {@code dicm.extract.max-image-pixels}, or more than the heap can take. */
  TOO_MANY_PIXELS,
  /** Decoding took longer than {@code dicm.extract.max-image-seconds}. */
  TOO_SLOW,
  /** Not a picture at all, or a kind of picture that is not read. */
  UNSUPPORTED,
  /** The picture ends too early. */
  TRUNCATED,
  /** A checksum does not fit. */
  CHECKSUM_MISMATCH,
  /** The picture is of a known kind, and broken in some other way. */
  UNREADABLE,
  /** A value of the vector is no finite number, or is too large for half precision. */
  VECTOR_NOT_FINITE
}
