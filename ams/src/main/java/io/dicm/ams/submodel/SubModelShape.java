package io.dicm.ams.submodel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The widths of the sub-model's layers, or that there is none: then the code of an image is its
 * scaled vector, and servers are plain parameter servers of it. Its text is that of the
 * configuration, such as {@code 256-64-12} or {@code none}; files have the record itself.
 *
 * @param layers outputs of each layer from the first on, at most {@value #MOST_LAYERS} of 1 to
 *     {@value #MOST_WIDTH}; the last one is the length of a code. None: no sub-model
 */
public record SubModelShape(List<Integer> layers) {
  /** Length of a code, unless the layers are chosen otherwise. */
  public static final int USUAL_CODE_DIMENSION = 12;

  /** That of arXiv 1711.06505, figure 2, and of all files that do not name one. */
  public static final SubModelShape USUAL = of(256, 64, USUAL_CODE_DIMENSION);

  /** For vectors that are short already. */
  public static final SubModelShape SHORT = of(64, USUAL_CODE_DIMENSION);

  /** No sub-model. */
  public static final SubModelShape NONE = of();

  /** Longer vectors are always compressed: on the wire they would cost more than all the rest. */
  public static final int MOST_RAW_VALUES = 128;

  static final int MOST_LAYERS = 4;
  static final int MOST_WIDTH = 1024;

  private static final String NONE_TEXT = "none";
  private static final Pattern WIDTHS =
      Pattern.compile("[0-9]{1,4}(-[0-9]{1,4}){0," + (MOST_LAYERS - 1) + "}");

  public SubModelShape {
    layers = List.copyOf(layers);
    if (layers.size() > MOST_LAYERS || layers.stream().anyMatch(width -> !isWidth(width))) {
      throw new IllegalArgumentException(
          "Layers were %s, needed at most %d of 1 to %d"
              .formatted(layers, MOST_LAYERS, MOST_WIDTH));
    }
  }

  /** The shape with layers of these widths. */
  public static SubModelShape of(Integer... layers) {
    return new SubModelShape(List.of(layers));
  }

  /** Reads what {@link #toString} writes; nothing when the text is not that of a shape. */
  public static Optional<SubModelShape> parse(String text) {
    if (text.equals(NONE_TEXT)) {
      return Optional.of(NONE);
    }
    if (!WIDTHS.matcher(text).matches()) {
      return Optional.empty();
    }
    List<Integer> widths = Arrays.stream(text.split("-")).map(Integer::valueOf).toList();
    return widths.stream().allMatch(SubModelShape::isWidth)
        ? Optional.of(new SubModelShape(widths))
        : Optional.empty();
  }

  private static boolean isWidth(int width) {
    return width >= 1 && width <= MOST_WIDTH;
  }

  /** Whether there are layers. */
  public boolean compresses() {
    return !layers.isEmpty();
  }

  /**
   * Length of an image's code.
   *
   * @param inputDimension length of the image vectors
   */
  public int codeDimension(int inputDimension) {
    return compresses() ? layers.get(layers.size() - 1) : inputDimension;
  }

  @Override
  public String toString() {
    return compresses()
        ? layers.stream().map(String::valueOf).collect(Collectors.joining("-"))
        : NONE_TEXT;
  }
}
