package io.dicm.feature.decode;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** The kinds of picture files that are read, told by their first bytes; names are not believed. */
enum ImageFormat {
  JPEG("jpeg", "ffd8ff"),
  PNG("png", "89504e470d0a1a0a"),
  GIF("gif", "47494638"),
  BMP("bmp", "424d"),
  WEBP("webp", "52494646........57454250");

  private final String imageIoName;
  private final Pattern signature;

  /**
   * @param signature the first bytes in hexadecimal; dots are any digits
   */
  ImageFormat(String imageIoName, String signature) {
    this.imageIoName = imageIoName;
    this.signature = Pattern.compile(signature);
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
    int length = Math.min(bytes.length, signature.pattern().length() / 2);
    return signature.matcher(HexFormat.of().formatHex(bytes, 0, length)).matches();
  }
}
