package io.dicm.trainer.report;

import io.dicm.common.error.DicmException;
import java.io.IOException;
import java.util.function.Function;

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

  /** What a reader gives; an error of one part leaves the others as they are. */
  static <T> Part<T> of(Reader<T> reader) throws IOException {
    try {
      return new Present<>(reader.read());
    } catch (DicmException e) {
      return new Absent<>(e.getMessage());
    }
  }

  /** A part of this one, which is absent for the same reason. */
  default <R> Part<R> map(Function<T, R> change) {
    if (this instanceof Present<T> present) {
      return new Present<>(change.apply(present.value()));
    }
    return new Absent<>(((Absent<T>) this).why());
  }

  /** The value, or what stands for none. */
  default T orElse(T other) {
    return this instanceof Present<T> present ? present.value() : other;
  }

  default boolean isPresent() {
    return this instanceof Present<T>;
  }
}
