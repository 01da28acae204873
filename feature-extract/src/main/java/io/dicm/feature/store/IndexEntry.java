package io.dicm.feature.store;

import io.dicm.common.key.Fingerprints;

/**
 * What the store knows of one image without reading its vector.
 *
 * @param imageId the image's name in the catalogue
 * @param imageKey {@code Fingerprints.imageKey(imageId)}
 * @param contentDigest SHA-256 of the bytes that the vector was computed from; empty: no vector
 * @param file the store's file with the vector, relative to the extractor's directory; empty: no
 *     vector
 * @param source the picture's file
 * @param rejection why there is no vector, a {@code RejectionReason}; empty: there is one, or the
 *     image was forgotten
 * @param rejectionDetail more about it
 * @param absentSince first day on which the catalogue did not have it, YYYY-MM-DD; empty: it has it
 */
public record IndexEntry(
    String imageId,
    long imageKey,
    String contentDigest,
    String file,
    SourceFile source,
    String rejection,
    String rejectionDetail,
    String absentSince) {
  /** An image with a vector. */
  public static IndexEntry stored(
      String imageId, String contentDigest, String file, SourceFile source) {
    return new IndexEntry(
        imageId, Fingerprints.imageKey(imageId), contentDigest, file, source, "", "", "");
  }

  /** An image that has no vector, and why. */
  public static IndexEntry rejected(
      String imageId, SourceFile source, String rejection, String detail) {
    return new IndexEntry(
        imageId, Fingerprints.imageKey(imageId), "", "", source, rejection, detail, "");
  }

  /** An image that the store does not know any more. */
  static IndexEntry forgotten(String imageId) {
    return new IndexEntry(
        imageId, Fingerprints.imageKey(imageId), "", "", SourceFile.UNKNOWN, "", "", "");
  }

  /** Whether there is a vector. */
  public boolean hasVector() {
    return !file.isEmpty();
  }

  /** Whether the image was rejected. */
  public boolean wasRejected() {
    return !rejection.isEmpty();
  }

  /** The same picture in a file that was touched. */
  public IndexEntry from(SourceFile other) {
    return new IndexEntry(
        imageId, imageKey, contentDigest, file, other, rejection, rejectionDetail, "");
  }

  /** The same image, absent from the catalogue since a day; empty: present. */
  public IndexEntry absent(String since) {
    return new IndexEntry(
        imageId, imageKey, contentDigest, file, source, rejection, rejectionDetail, since);
  }

  /** The same image with its vector in another file. */
  IndexEntry movedTo(String otherFile) {
    return new IndexEntry(
        imageId,
        imageKey,
        contentDigest,
        otherFile,
        source,
        rejection,
        rejectionDetail,
        absentSince);
  }
}
