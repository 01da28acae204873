package io.dicm.feature.job;

/** Settings by which the client tells the tasks what to do; not for users. */
final class ExtractJobKeys {
  /** The file of image names, one a line, in the order of the splits. */
  static final String LISTING = "dicm.internal.extract.listing";

  /** Number of map tasks. */
  static final String SPLITS = "dicm.internal.extract.splits";

  /** The directory of the images. */
  static final String IMAGES = "dicm.internal.extract.images";

  /** The extractor's description as JSON. */
  static final String EXTRACTOR = "dicm.internal.extract.extractor";

  /** The file of content digests whose vectors are known; empty: there are none. */
  static final String KNOWN_DIGESTS = "dicm.internal.extract.known-digests";

  private ExtractJobKeys() {}
}
