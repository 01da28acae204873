package io.dicm.trainer.report;

/**
 * Writes HTML that is well-formed XML too. All text and all attribute values are escaped, so that
 * nothing from a user's data becomes markup. For one thread.
 */
public final class Markup {
  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder out = new StringBuilder();

  /** Writes what is inside an element. */
  @FunctionalInterface
  public interface Content {
    void write(Markup markup);
  }

  /**
   * An element with content.
   *
   * @param attributes names and values in turn
   */
  public Markup element(String name, Content content, String... attributes) {
    open(name, attributes).append('>');
    content.write(this);
    out.append("</").append(name).append('>');
    return this;
  }

  /** An element with nothing but text in it. */
  public Markup element(String name, String text, String... attributes) {
    return element(name, inner -> inner.text(text), attributes);
  }

  /** An element that never has content, such as {@code img}. */
  public Markup empty(String name, String... attributes) {
    open(name, attributes).append("/>");
    return this;
  }

  /** Text. */
  public Markup text(String text) {
    escape(text);
    return this;
  }

  /** A line break between large elements, for people who read the source. */
  public Markup line() {
    out.append('\n');
    return this;
  }

  /** Text of this software that is to stay as it is, such as a style sheet. */
  public Markup constant(String markup) {
    out.append(markup);
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private StringBuilder open(String name, String... attributes) {
    out.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
    return out;
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(character) ? character : REPLACEMENT);
              }
            });
  }

  /** The characters that XML 1.0 allows, less the rarely meant C1 controls. */
  private static boolean isAllowed(int character) {
    return character == '\t'
        || character == '\n'
        || character == '\r'
        || (character >= 0x20 && character < 0x7F)
        || (character >= 0xA0 && character <= 0xD7FF)
        || (character >= 0xE000 && character <= 0xFFFD)
        || character >= 0x10000;
  }
}
