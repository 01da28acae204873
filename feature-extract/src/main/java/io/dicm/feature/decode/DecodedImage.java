package io.dicm.feature.decode;

/** What came of decoding a file: a picture, or why there is none. */
public sealed interface DecodedImage permits Picture, RejectedImage {}
