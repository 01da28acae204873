package io.dicm.feature.decode;

/**
 * A file without a picture.
 *
 * @param reason the kind of trouble
 * @param detail a few words for a person
 */
public record RejectedImage(RejectionReason reason, String detail) implements DecodedImage {}
