package io.dicm.feature.source;

/**
 * How large the parts are into which files of many images are cut.
 *
 * @param maxImageBytes largest picture, bytes; larger ones are rejected
 * @param imagesPerSplit most images of a map task
 * @param bytesPerSplit most bytes of a map task
 */
record SourceLimits(long maxImageBytes, int imagesPerSplit, long bytesPerSplit) {}
