package io.dicm.feature.weights;

import java.util.Optional;

/** Formats of weights files, told by a file's first bytes. */
enum WeightsFormat {
  /** A JSON header, then the values. */
  SAFE_TENSORS {
    @Override
    boolean matches(byte[] start) {
      // The header's length, which is far below 2^40, and its first character.
      return start.length > Long.BYTES
          && start[5] == 0
          && start[6] == 0
          && start[7] == 0
          && start[Long.BYTES] == '{';
    }
  },
  /** What {@code torch.save} writes since version 1.6: a zip archive with a pickle in it. */
  TORCH_ZIP {
    @Override
    boolean matches(byte[] start) {
      return startsWith(start, 'P', 'K', 3, 4);
    }
  },
  /** What {@code torch.save} wrote before: a few pickles, then the values. */
  TORCH_LEGACY {
    @Override
    boolean matches(byte[] start) {
      // PROTO 2, then LONG1 of 10 bytes: the magic number.
      return startsWith(
          start, 0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19);
    }
  };

  /** Bytes from a file's start that tell its format. */
  static final int START_BYTES = 16;

  abstract boolean matches(byte[] start);

  /** The format of a file that starts with these bytes. */
  static Optional<WeightsFormat> of(byte[] start) {
    for (WeightsFormat format : values()) {
      if (format.matches(start)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private static boolean startsWith(byte[] start, int... expected) {
    if (start.length < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((start[i] & 0xFF) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
