package io.dicm.feature.job;

/** Settings by which the client tells the tasks what to do; not for users. */
final class ExtractJobKeys {
  /** The {@link ListingFile}. */
  static final String LISTING = "dicm.internal.extract.listing";

  /** Images in the listing. */
  static final String IMAGES = "dicm.internal.extract.listed-images";

  /** Bytes of the images in the listing. */
  static final String BYTES = "dicm.internal.extract.listed-bytes";

  /** The extractor's description as JSON. */
  static final String EXTRACTOR = "dicm.internal.extract.extractor";

  /** The file of content digests whose vectors are known; empty: there are none. */
  static final String KNOWN_DIGESTS = "dicm.internal.extract.known-digests";

  /** The file of image_ids that are left out; empty: none is. */
  static final String FORGOTTEN = "dicm.internal.extract.forgotten";

  /** Name of the link in a task's working directory to the node's copy of the weights. */
  static final String WEIGHTS_LINK = "dicm.internal.extract.weights-link";

  private ExtractJobKeys() {}
}
