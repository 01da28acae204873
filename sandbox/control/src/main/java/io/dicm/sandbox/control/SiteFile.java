package io.dicm.sandbox.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes Hadoop configuration files without Hadoop. */
public final class SiteFile {
  private SiteFile() {}

  /** Writes the properties, in their order, as a Hadoop {@code *-site.xml}. */
  public static void write(Path file, Map<String, String> properties) throws IOException {
    Files.writeString(
        file,
        properties.entrySet().stream()
            .map(property -> element(property.getKey(), property.getValue()))
            .collect(
                Collectors.joining(
                    "",
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration>\n",
                    "</configuration>\n")));
  }

  private static String element(String name, String value) {
    return "  <property>\n    <name>%s</name>\n    <value>%s</value>\n  </property>\n"
        .formatted(escape(name), escape(value));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
