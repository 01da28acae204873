package io.dicm.app.cli;

import io.dicm.app.doctor.Finding;
import io.dicm.app.doctor.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The doctor's findings as lines, JSON or properties. */
final class FindingText {
  private FindingText() {}

  static String write(List<Finding> findings, OutputFormat format) {
    return switch (format) {
      case TEXT -> text(findings);
      case JSON -> format.write(Map.of("level", worst(findings), "findings", objects(findings)));
      case PROPERTIES -> format.write(properties(findings));
    };
  }

  private static String text(List<Finding> findings) {
    int width = findings.stream().mapToInt(finding -> finding.what().length()).max().orElse(1);
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(("%-7s  %-" + width + "s  ").formatted(finding.level().label(), finding.what()))
          .append(finding.value());
      if (!finding.advice().isEmpty()) {
        text.append("  -> ").append(finding.advice());
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String worst(List<Finding> findings) {
    return findings.stream()
        .map(Finding::level)
        .max(Comparator.naturalOrder())
        .orElse(Level.OK)
        .label();
  }

  private static List<Map<String, String>> objects(List<Finding> findings) {
    List<Map<String, String>> objects = new ArrayList<>();
    for (Finding finding : findings) {
      Map<String, String> object = new LinkedHashMap<>();
      object.put("level", finding.level().label());
      object.put("what", finding.what());
      object.put("value", finding.value());
      object.put("advice", finding.advice());
      object.put("code", finding.code() == null ? "" : finding.code().name());
      objects.add(object);
    }
    return objects;
  }

  /** Things that were looked at several times are numbered from the second on. */
  private static Map<String, String> properties(List<Finding> findings) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("level", worst(findings));
    for (Finding finding : findings) {
      String name = finding.what().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "_");
      String key = name;
      for (int number = 2; properties.containsKey(key); number++) {
        key = name + "_" + number;
      }
      properties.put(key, finding.level().label() + " " + finding.value());
    }
    return properties;
  }
}
