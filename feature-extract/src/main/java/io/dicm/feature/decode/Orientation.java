package io.dicm.feature.decode;

/**
 * How a viewer turns a stored picture, by Exif's tag 0x0112 (Exif 2.32, section 4.6.4): first an
 * exchange of rows and columns, then mirrorings.
 */
public enum Orientation {
  NORMAL(false, false, false),
  MIRRORED(false, true, false),
  TURNED_180(false, true, true),
  FLIPPED(false, false, true),
  TRANSPOSED(true, false, false),
  TURNED_90(true, true, false),
  TRANSVERSED(true, true, true),
  TURNED_270(true, false, true);

  private final boolean transposes;
  private final boolean mirrorsX;
  private final boolean mirrorsY;

  Orientation(boolean transposes, boolean mirrorsX, boolean mirrorsY) {
    this.transposes = transposes;
    this.mirrorsX = mirrorsX;
    this.mirrorsY = mirrorsY;
  }

  /** The orientation with this Exif number; {@link #NORMAL} for a number that none has. */
  public static Orientation ofExif(int number) {
    return number >= 1 && number <= values().length ? values()[number - 1] : NORMAL;
  }

  /** Whether rows and columns change places. */
  public boolean transposes() {
    return transposes;
  }

  /** Whether left and right change places, after the exchange of rows and columns. */
  boolean mirrorsX() {
    return mirrorsX;
  }

  /** Whether top and bottom change places, after the exchange of rows and columns. */
  boolean mirrorsY() {
    return mirrorsY;
  }

  /**
   * Column in a picture of width {@code side}, as shown, of the stored pixel in column x, row y.
   */
  public int shownX(int x, int y, int side) {
    int shown = transposes ? y : x;
    return mirrorsX ? side - 1 - shown : shown;
  }

  /** Row in a picture of height {@code side}, as shown, of the stored pixel in column x, row y. */
  public int shownY(int x, int y, int side) {
    int shown = transposes ? x : y;
    return mirrorsY ? side - 1 - shown : shown;
  }
}
