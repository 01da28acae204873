package io.dicm.trainer.report;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;

/** A part of the report: what it shows, or a sentence that says why there is nothing to show. */
sealed interface Part<T> {
  /** There is something. */
  record Present<T>(T value) implements Part<T> {}

  /**
   * There is nothing.
   *
   * @param why a whole sentence
   */
  record Absent<T>(String why) implements Part<T> {}

  /** Reads a part. */
  @FunctionalInterface
  interface Reader<T> {
    T read() throws IOException;
  }

  /**
   * What a reader gives; an error of one part leaves the others as they are.
   *
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED}: the part may be there, and another try
   *     may show it
   */
  static <T> Part<T> of(Reader<T> reader) throws IOException {
    try {
      return new Present<>(reader.read());
    } catch (DicmException e) {
      if (e.code() == ErrorCode.STORAGE_FAILED) {
        throw e;
      }
      return new Absent<>(e.getMessage());
    }
  }
}
