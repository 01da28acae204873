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

  /** The extractor's directory in the store. */
  static final String STORE = "dicm.internal.extract.store";

  /** Day of an earlier partition, whose vectors are used again; empty: there is none. */
  static final String KNOWN_DATE = "dicm.internal.extract.known-date";

  private ExtractJobKeys() {}
}
