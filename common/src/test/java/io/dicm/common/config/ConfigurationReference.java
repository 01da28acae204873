package io.dicm.common.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** The keys of {@code dicm-default.xml} as the tables of {@code docs/configuration.md}. */
final class ConfigurationReference {
  private ConfigurationReference() {}

  /** A section of the file: the comment above it, and its keys. */
  record Section(String title, List<Key> keys) {}

  /** One property. */
  record Key(String name, String defaultValue, String description) {
    /** What the default value looks like; keys without one are texts. */
    String type() {
      if (name.endsWith(".path")) {
        return "path";
      } else if (defaultValue.matches("true|false")) {
        return "true, false";
      } else if (defaultValue.matches("-?[0-9]+")) {
        return "whole number";
      } else if (defaultValue.matches("-?[0-9]+\\.[0-9]+")) {
        return "number";
      }
      return "text";
    }

    /** Units are at the end of the key's name. */
    String unit() {
      String last = name.substring(name.lastIndexOf(name.contains("-") ? '-' : '.') + 1);
      return switch (last) {
        case "mb" -> "MiB";
        case "ms" -> "ms";
        case "seconds" -> "s";
        case "days", "bytes", "pixels" -> last;
        default -> "";
      };
    }

    String row() {
      String value = defaultValue.isEmpty() ? "" : "`" + defaultValue + "`";
      String meaning = description.replace("|", "\\|");
      return "| `" + name + "` | " + type() + " | " + unit() + " | " + value + " | " + meaning
          + " |";
    }
  }

  static List<Section> sections() throws IOException {
    List<Section> sections = new ArrayList<>();
    for (Node node = root().getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node.getNodeType() == Node.COMMENT_NODE) {
        sections.add(new Section(node.getNodeValue().trim(), new ArrayList<>()));
      } else if (node instanceof Element property) {
        sections.get(sections.size() - 1).keys().add(key(property));
      }
    }
    return sections;
  }

  static List<Key> keys() throws IOException {
    return sections().stream().flatMap(section -> section.keys().stream()).toList();
  }

  static String markdown() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Section section : sections()) {
      text.append("\n## ").append(section.title()).append("\n\n");
      text.append("| key | type | unit | default | meaning |\n|---|---|---|---|---|\n");
      section.keys().forEach(key -> text.append(key.row()).append('\n'));
    }
    return text.toString();
  }

  private static Element root() throws IOException {
    try (InputStream in = DicmKeys.class.getResourceAsStream("/dicm-default.xml")) {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(in)
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("Cannot parse dicm-default.xml", e);
    }
  }

  private static Key key(Element property) {
    return new Key(
        child(property, "name"), child(property, "value"), child(property, "description"));
  }

  private static String child(Element property, String tag) {
    Node node = property.getElementsByTagName(tag).item(0);
    return node == null ? "" : node.getTextContent().trim().replaceAll("\\s+", " ");
  }
}
