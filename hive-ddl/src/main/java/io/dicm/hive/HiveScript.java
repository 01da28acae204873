package io.dicm.hive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A HiveQL resource: statements that end with {@code ;} at the end of a line, comment lines, and
 * variables {@code ${hivevar:name}}, so that beeline can run the same text. Immutable.
 */
final class HiveScript {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{hivevar:([a-z_]+)}");

  private final String name;
  private final String text;

  private HiveScript(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /** The resource of that name beside this class. */
  static HiveScript resource(String name) {
    try (InputStream in = HiveScript.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("There is no resource " + name);
      }
      return new HiveScript(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read resource " + name, e);
    }
  }

  /** The whole text, as beeline would run it. */
  String text() {
    return text;
  }

  /**
   * The statements with their variables replaced, comments left out.
   *
   * @param variables values as they are; those in quotes are escaped, those in backticks must be
   *     plain identifiers
   */
  List<String> statements(Map<String, String> variables) {
    String code =
        text.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
    return Arrays.stream(code.split(";[ ]*(?=\n|$)"))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .map(statement -> replaceVariables(statement, variables))
        .toList();
  }

  private String replaceVariables(String statement, Map<String, String> variables) {
    StringBuilder result = new StringBuilder();
    Matcher matcher = VARIABLE.matcher(statement);
    while (matcher.find()) {
      String value = variables.get(matcher.group(1));
      if (value == null) {
        throw new IllegalArgumentException(name + " needs a value for " + matcher.group(1));
      }
      boolean identifier = matcher.start() > 0 && statement.charAt(matcher.start() - 1) == '`';
      String safe = identifier ? HiveText.checkedIdentifier(value) : HiveText.escaped(value);
      matcher.appendReplacement(result, Matcher.quoteReplacement(safe));
    }
    return matcher.appendTail(result).toString();
  }
}
