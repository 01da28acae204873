package io.dicm.feature.decode;

import java.util.HexFormat;
import java.util.Optional;

/** The kinds of picture files that are read, told by their first bytes; names are not believed. */
enum ImageFormat {
  JPEG("jpeg", "ffd8ff"),
  PNG("png", "89504e470d0a1a0a"),
  GIF("gif", "47494638"),
  BMP("bmp", "424d");

  private final String imageIoName;
  private final String signature;

  ImageFormat(String imageIoName, String signature) {
    this.imageIoName = imageIoName;
    this.signature = signature;
  }

  /** The format's name in {@code javax.imageio}. */
  String imageIoName() {
    return imageIoName;
  }

  static Optional<ImageFormat> of(byte[] bytes) {
    for (ImageFormat format : values()) {
      if (format.starts(bytes)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private boolean starts(byte[] bytes) {
    int length = signature.length() / 2;
    return bytes.length >= length && HexFormat.of().formatHex(bytes, 0, length).equals(signature);
  }
}
