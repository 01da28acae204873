package io.dicm.feature.decode;

/**
 * The part of a resized picture, as stored, that becomes the network's input.
 *
 * @param resizedWidth width of the whole picture after resizing, pixels
 * @param resizedHeight its height
 * @param left first column of the part
 * @param top first row of the part
 * @param width columns of the part
 * @param height rows of the part
 */
record Window(int resizedWidth, int resizedHeight, int left, int top, int width, int height) {

  /** The part that shows what {@code preprocessing} asks for after the picture is turned. */
  static Window of(Picture picture, Preprocessing preprocessing) {
    Window shown =
        preprocessing.resize() == ResizeRule.STRETCH
            ? stretched(preprocessing)
            : cropped(picture, preprocessing);
    return shown.stored(picture.orientation());
  }

  private static Window stretched(Preprocessing preprocessing) {
    int width = preprocessing.width();
    int height = preprocessing.height();
    return new Window(width, height, 0, 0, width, height);
  }

  /** The long side is rounded down and the middle to even, as torchvision does both. */
  private static Window cropped(Picture picture, Preprocessing preprocessing) {
    long side = preprocessing.shortSide();
    boolean upright = picture.width() <= picture.height();
    int width = (int) (upright ? side : side * picture.width() / picture.height());
    int height = (int) (upright ? side * picture.height() / picture.width() : side);
    int left = (int) Math.rint((width - preprocessing.width()) / 2.0);
    int top = (int) Math.rint((height - preprocessing.height()) / 2.0);
    return new Window(width, height, left, top, preprocessing.width(), preprocessing.height());
  }

  private Window stored(Orientation orientation) {
    int fromLeft = orientation.mirrorsX() ? resizedWidth - width - left : left;
    int fromTop = orientation.mirrorsY() ? resizedHeight - height - top : top;
    return orientation.transposes()
        ? new Window(resizedHeight, resizedWidth, fromTop, fromLeft, height, width)
        : new Window(resizedWidth, resizedHeight, fromLeft, fromTop, width, height);
  }
}
