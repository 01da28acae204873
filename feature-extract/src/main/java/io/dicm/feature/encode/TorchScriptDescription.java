package io.dicm.feature.encode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.decode.Preprocessing;
import io.dicm.feature.decode.ResizeRule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The JSON beside a TorchScript module, {@code MODULE.json}, that says what the module itself does
 * not:
 *
 * <pre>{@code
 * {"input": [224, 224], "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225],
 *  "resize": "crop", "short-side": 256, "layer": 0, "dimension": 512}
 * }</pre>
 *
 * <p>{@code input} is height and width, pixels; {@code resize} is {@code crop}, which needs {@code
 * short-side}, or {@code stretch}; {@code layer} chooses one of several outputs, by index in a
 * tuple or list or by key in a dictionary, and is left out when there is only one; {@code
 * dimension} is the vector's length. Other fields are refused, as they would be a misspelling.
 *
 * @param preprocessing the module's input
 * @param layer index or key of the output, if there are several
 * @param dimension length of a vector
 */
record TorchScriptDescription(Preprocessing preprocessing, Optional<String> layer, int dimension) {
  private static final Set<String> FIELDS =
      Set.of("input", "mean", "std", "resize", "short-side", "layer", "dimension");
  private static final int MOST_DIMENSIONS = 1 << 20;

  /**
   * Reads the text.
   *
   * @param file names the file in errors
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} naming file, field and value
   */
  static TorchScriptDescription parse(String file, byte[] json) {
    try {
      return new Parser(file, new ObjectMapper().readTree(json)).parse();
    } catch (JsonProcessingException e) {
      throw invalid(file, "it is not JSON", e);
    } catch (java.io.IOException e) {
      throw new IllegalStateException("Bytes in memory can always be read", e);
    }
  }

  /** One file's content. */
  private record Parser(String file, JsonNode root) {
    TorchScriptDescription parse() {
      if (root == null || !root.isObject()) {
        throw invalid(file, "it is not a JSON object", null);
      }
      Set<String> unknown = new TreeSet<>();
      root.fieldNames().forEachRemaining(unknown::add);
      unknown.removeAll(FIELDS);
      if (!unknown.isEmpty()) {
        String allowed = String.join(", ", new TreeSet<>(FIELDS));
        throw invalid(file, "it has the fields " + unknown + ", allowed are " + allowed, null);
      }
      return new TorchScriptDescription(
          preprocessing(), layer(), wholeNumber("dimension", field("dimension"), MOST_DIMENSIONS));
    }

    private Preprocessing preprocessing() {
      JsonNode input = list("input", 2);
      ResizeRule rule = rule();
      boolean crops = rule == ResizeRule.CROP;
      if (!crops && root.has("short-side")) {
        throw invalid(file, "short-side belongs to \"resize\": \"crop\"", null);
      }
      try {
        return new Preprocessing(
            wholeNumber("input", input.path(0), Preprocessing.MOST_SIDE),
            wholeNumber("input", input.path(1), Preprocessing.MOST_SIDE),
            rule,
            crops ? wholeNumber("short-side", field("short-side"), Preprocessing.MOST_SIDE) : 0,
            numbers("mean"),
            numbers("std"));
      } catch (IllegalArgumentException e) {
        throw invalid(file, e.getMessage(), e);
      }
    }

    private Optional<String> layer() {
      JsonNode layer = root.path("layer");
      if (layer.isMissingNode()) {
        return Optional.empty();
      }
      if ((layer.isIntegralNumber() && layer.asLong() >= 0)
          || (layer.isTextual() && !layer.asText().isEmpty())) {
        return Optional.of(layer.asText());
      }
      throw invalid(file, "layer is " + layer + ", allowed is an index or a name", null);
    }

    private ResizeRule rule() {
      String text = field("resize").asText();
      return Arrays.stream(ResizeRule.values())
          .filter(rule -> rule.name().toLowerCase(Locale.ROOT).equals(text))
          .findFirst()
          .orElseThrow(
              () -> invalid(file, "resize is '" + text + "', allowed are crop and stretch", null));
    }

    private List<Float> numbers(String name) {
      JsonNode list = list(name, 3);
      return IntStream.range(0, list.size())
          .mapToObj(
              i -> {
                if (!list.get(i).isNumber()) {
                  throw invalid(file, name + " is " + list + ", allowed are numbers", null);
                }
                return list.get(i).floatValue();
              })
          .toList();
    }

    private JsonNode list(String name, int length) {
      JsonNode list = field(name);
      if (!list.isArray() || list.size() != length) {
        throw invalid(file, name + " is " + list + ", allowed are " + length + " numbers", null);
      }
      return list;
    }

    private int wholeNumber(String name, JsonNode node, int most) {
      if (!node.isIntegralNumber() || node.asLong() < 1 || node.asLong() > most) {
        throw invalid(file, name + " is " + node + ", allowed 1 to " + most, null);
      }
      return node.asInt();
    }

    private JsonNode field(String name) {
      JsonNode node = root.path(name);
      if (node.isMissingNode()) {
        throw invalid(file, "it lacks the field " + name, null);
      }
      return node;
    }
  }

  private static DicmException invalid(String file, String why, Exception cause) {
    return new DicmException(
        ErrorCode.WEIGHTS_INVALID,
        "Cannot use the description of a module in " + file + ": " + why + ".",
        cause);
  }
}
