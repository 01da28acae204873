package io.dicm.trainer.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Reads a value as Python's {@code repr} writes it: dicts, lists, tuples, strings, numbers, True,
 * False and None, as older dumps have on each line. Nothing is evaluated. For one thread, one use.
 */
final class PythonLiteral {
  private static final int MOST_LEVELS = 100;

  private final String text;
  private int position;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException saying what is wrong at which character, from 0
   */
  static JsonNode parse(String text) {
    PythonLiteral literal = new PythonLiteral(text);
    JsonNode value = literal.value(0);
    literal.skipSpace();
    if (literal.position < text.length()) {
      throw literal.wrong("something follows the value");
    }
    return value;
  }

  private JsonNode value(int level) {
    if (level > MOST_LEVELS) {
      throw wrong("more than " + MOST_LEVELS + " levels");
    }
    skipSpace();
    char first = peek();
    return switch (first) {
      case '{' -> dict(level);
      case '[' -> list(']', level);
      case '(' -> list(')', level);
      case '\'', '"' -> JsonNodeFactory.instance.textNode(string());
      default -> word();
    };
  }

  private ObjectNode dict(int level) {
    ObjectNode dict = JsonNodeFactory.instance.objectNode();
    position++;
    while (!ends('}')) {
      JsonNode key = value(level + 1);
      skipSpace();
      expect(':');
      dict.set(key.asText(), value(level + 1));
      separate('}');
    }
    return dict;
  }

  private ArrayNode list(char end, int level) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    position++;
    while (!ends(end)) {
      list.add(value(level + 1));
      separate(end);
    }
    return list;
  }

  /** Whether a collection ends here; its end is then passed. */
  private boolean ends(char end) {
    skipSpace();
    if (peek() == end) {
      position++;
      return true;
    }
    return false;
  }

  private void separate(char end) {
    skipSpace();
    if (peek() != end) {
      expect(',');
    }
  }

  private JsonNode word() {
    int start = position;
    while (position < text.length() && ",:]})".indexOf(text.charAt(position)) < 0) {
      if ((text.charAt(position) == '\'' || text.charAt(position) == '"')
          && text.substring(start, position).matches("[uUbB]")) {
        return JsonNodeFactory.instance.textNode(string());
      }
      position++;
    }
    String word = text.substring(start, position).strip();
    return switch (word) {
      case "None" -> JsonNodeFactory.instance.nullNode();
      case "True" -> JsonNodeFactory.instance.booleanNode(true);
      case "False" -> JsonNodeFactory.instance.booleanNode(false);
      default -> number(word);
    };
  }

  private JsonNode number(String word) {
    if (word.matches("-?\\d{1,18}")) {
      return JsonNodeFactory.instance.numberNode(Long.parseLong(word));
    }
    if (word.matches("-?\\d{1,40}(\\.\\d{0,40})?([eE][+-]?\\d{1,3})?")) {
      return JsonNodeFactory.instance.numberNode(Double.parseDouble(word));
    }
    throw wrong("'" + word + "' is no value");
  }

  private String string() {
    char quote = peek();
    StringBuilder string = new StringBuilder();
    for (position++; peek() != quote; position++) {
      char next = peek();
      if (next == '\\') {
        position++;
        escape(string);
      } else {
        string.append(next);
      }
    }
    position++;
    return string.toString();
  }

  private void escape(StringBuilder string) {
    switch (peek()) {
      case 'n' -> string.append('\n');
      case 't' -> string.append('\t');
      case 'r' -> string.append('\r');
      case 'x' -> string.appendCodePoint(hexadecimal(2));
      case 'u' -> string.appendCodePoint(hexadecimal(4));
      case 'U' -> string.appendCodePoint(hexadecimal(8));
      case '\\', '\'', '"' -> string.append(peek());
      default -> string.append('\\').append(peek());
    }
  }

  private int hexadecimal(int digits) {
    int end = position + 1 + digits;
    if (end > text.length()) {
      throw wrong("it ends within a string");
    }
    String code = text.substring(position + 1, end);
    if (!code.matches("[0-9a-fA-F]+")
        || !Character.isValidCodePoint((int) Long.parseLong(code, 16))) {
      throw wrong("'" + code + "' is no code of a character");
    }
    position = end - 1;
    return Integer.parseInt(code, 16);
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw wrong("needed '" + wanted + "', was '" + peek() + "'");
    }
    position++;
  }

  private char peek() {
    if (position >= text.length()) {
      throw wrong("it ends too early");
    }
    return text.charAt(position);
  }

  private void skipSpace() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(why + " at character " + position);
  }
}
