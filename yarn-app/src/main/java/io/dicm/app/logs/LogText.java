package io.dicm.app.logs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form in which Hadoop writes container logs. */
final class LogText {
  /** A file of one line, with the lines that name its container. */
  private static final Pattern ONE_LINE_FILE =
      Pattern.compile(
          "Container: (container_\\S+)(?: on (\\S+))?\\R(?:(?!Container: ).*\\R)*?LogContents:\\R(.*)");

  private LogText() {}

  /** The containers of a text that has one file of one line of each; the line is the member. */
  static Map<String, LoggedContainer> members(String text) {
    Map<String, LoggedContainer> members = new LinkedHashMap<>();
    Matcher matcher = ONE_LINE_FILE.matcher(text);
    while (matcher.find()) {
      String node = matcher.group(2) == null ? "" : matcher.group(2);
      members.put(
          matcher.group(1), new LoggedContainer(matcher.group(1), matcher.group(3).strip(), node));
    }
    return members;
  }
}
