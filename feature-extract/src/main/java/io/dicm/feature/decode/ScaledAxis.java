package io.dicm.feature.decode;

/**
 * One axis of a picture that is scaled so that its short side has {@value #SHORT_SIDE} pixels, and
 * of which the middle is taken; as torchvision's {@code Resize(256)} and {@code CenterCrop(224)}
 * do, roundings included.
 *
 * @param inputs pixels before, as stored
 * @param outputs pixels after scaling, 256 or more
 * @param first the first one of the middle, in stored order
 */
record ScaledAxis(int inputs, int outputs, int first) {
  /** Length of a scaled picture's short side, pixels. */
  static final int SHORT_SIDE = 256;

  /**
   * The axis of this length.
   *
   * @param other length of the other axis, pixels
   * @param mirrored whether a viewer shows the axis from its end: of an odd rest one more pixel is
   *     cut off on one side, by what is shown
   * @param side pixels of the middle
   */
  static ScaledAxis of(int inputs, int other, boolean mirrored, int side) {
    int outputs = scaled(inputs, other);
    // Python's round: halves to the even neighbour.
    int shownFirst = (int) Math.rint((outputs - side) / 2.0);
    return new ScaledAxis(inputs, outputs, mirrored ? outputs - side - shownFirst : shownFirst);
  }

  private static int scaled(int inputs, int other) {
    return inputs <= other
        ? SHORT_SIDE
        : (int) Math.min(Integer.MAX_VALUE, (long) SHORT_SIDE * inputs / other);
  }
}
