package io.dicm.feature.decode;

import java.util.List;

/**
 * What a network's input is made of. In words: resample bilinearly with antialiasing, scale RGB to
 * [0, 1], take off the mean and divide by the deviation, channel by channel.
 *
 * @param height height of the input, pixels
 * @param width width of the input, pixels
 * @param resize how the picture is fitted
 * @param shortSide for {@link ResizeRule#CROP} the length to which the short side is scaled,
 *     pixels, no less than height and width; else 0
 * @param mean of red, green and blue in [0, 1]
 * @param deviation of red, green and blue in [0, 1], above 0
 */
public record Preprocessing(
    int height,
    int width,
    ResizeRule resize,
    int shortSide,
    List<Float> mean,
    List<Float> deviation) {
  /** Largest height, width and short side. */
  public static final int MOST_SIDE = 4096;

  private static final int CHANNELS = 3;
  private static final int SIDE = 224;
  private static final int SHORT_SIDE = 256;
  private static final List<Float> IMAGENET_MEAN = List.of(0.485f, 0.456f, 0.406f);
  private static final List<Float> IMAGENET_DEVIATION = List.of(0.229f, 0.224f, 0.225f);

  public Preprocessing {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    require(side(height) && side(width), "input was " + height + " x " + width);
    require(mean.size() == CHANNELS, "mean was " + mean);
    require(
        deviation.size() == CHANNELS && deviation.stream().allMatch(value -> value > 0),
        "deviation was " + deviation);
    require(
        resize == ResizeRule.STRETCH
            ? shortSide == 0
            : side(shortSide) && shortSide >= Math.max(height, width),
        "short side was " + shortSide + " with " + resize + " to " + height + " x " + width);
  }

  /** 224 x 224 pixels with ImageNet's mean and deviation; a crop is one of 256. */
  public static Preprocessing imageNet(ResizeRule resize) {
    int shortSide = resize == ResizeRule.CROP ? SHORT_SIDE : 0;
    return new Preprocessing(SIDE, SIDE, resize, shortSide, IMAGENET_MEAN, IMAGENET_DEVIATION);
  }

  /** Floats of one picture, [3, height, width]. */
  public int floats() {
    return CHANNELS * height * width;
  }

  /** The preprocessing in words; stored with the vectors. */
  public String description() {
    String resized =
        resize == ResizeRule.STRETCH
            ? "bilinear antialiased, aspect not kept"
            : "the middle of short side " + shortSide + ", bilinear antialiased";
    boolean imageNet = mean.equals(IMAGENET_MEAN) && deviation.equals(IMAGENET_DEVIATION);
    String normalized =
        imageNet ? "ImageNet mean and deviation" : "mean " + mean + ", deviation " + deviation;
    return height
        + "x"
        + width
        + " "
        + resized
        + "; RGB in [0,1]; "
        + normalized
        + "; transparency on white; Exif orientation applied";
  }

  private static boolean side(int pixels) {
    return pixels >= 1 && pixels <= MOST_SIDE;
  }

  private static void require(boolean holds, String was) {
    if (!holds) {
      throw new IllegalArgumentException("Preprocessing's " + was);
    }
  }
}
