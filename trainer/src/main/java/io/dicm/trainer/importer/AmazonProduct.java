package io.dicm.trainer.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is taken of one product's metadata.
 *
 * @param categories joined by {@code |}, without the department that all products of a file share
 * @param brand empty: not known
 * @param price decimal number, empty: not known
 */
record AmazonProduct(String categories, String brand, String price) {
  /** Of a product without metadata. */
  static final AmazonProduct UNKNOWN = new AmazonProduct("", "", "");

  private static final Pattern PRICE = Pattern.compile("\\$?(\\d[\\d,]{0,9}(\\.\\d{1,2})?)");

  /**
   * Reads metadata: {@code categories}, a list of paths (2014), or {@code category}, one path
   * (2018), {@code brand}, {@code price} as a number or as {@code $1,234.50}. A price range or
   * other text is no price.
   */
  static AmazonProduct of(JsonNode metadata) {
    Set<String> categories = new LinkedHashSet<>();
    for (JsonNode path : metadata.path("categories")) {
      addPath(path, categories);
    }
    addPath(metadata.path("category"), categories);
    return new AmazonProduct(
        String.join("|", categories),
        oneLine(metadata.path("brand")),
        price(metadata.path("price")));
  }

  private static void addPath(JsonNode path, Set<String> categories) {
    boolean department = path.size() > 1;
    for (JsonNode name : path) {
      String text = oneLine(name).replace('|', '/');
      if (!department && !text.isEmpty()) {
        categories.add(text);
      }
      department = false;
    }
  }

  private static String price(JsonNode price) {
    if (price.isNumber()) {
      return price.decimalValue().toPlainString();
    }
    Matcher matcher = PRICE.matcher(price.asText("").strip());
    return matcher.matches() ? matcher.group(1).replace(",", "") : "";
  }

  private static String oneLine(JsonNode text) {
    return text.isTextual() ? text.asText().replaceAll("\\s+", " ").strip() : "";
  }
}
