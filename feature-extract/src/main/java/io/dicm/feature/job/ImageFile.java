package io.dicm.feature.job;

/**
 * One file of the images directory.
 *
 * @param imageId the file's name without its last extension
 * @param name the file's name
 * @param length bytes
 * @param modifiedAtMs modification time, milliseconds since 1970 UTC
 */
record ImageFile(String imageId, String name, long length, long modifiedAtMs) {
  /** The file of this name. */
  static ImageFile of(String name, long length, long modifiedAtMs) {
    int dot = name.lastIndexOf('.');
    return new ImageFile(dot > 0 ? name.substring(0, dot) : name, name, length, modifiedAtMs);
  }
}
