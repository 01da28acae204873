package io.dicm.feature.store;

/**
 * The file that a picture was read from, as a listing of its directory shows it: when all of it is
 * as it was, the picture need not be read again.
 *
 * @param name the file's name
 * @param length bytes; -1: unknown
 * @param modifiedAtMs modification time, milliseconds since 1970 UTC; -1: unknown
 */
public record SourceFile(String name, long length, long modifiedAtMs) {
  /** No file was recorded. */
  public static final SourceFile UNKNOWN = new SourceFile("", -1, -1);
}
