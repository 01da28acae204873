package io.dicm.hive;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.regex.Pattern;

/** Writes names and values into HiveQL, so that none of them can be read as anything else. */
final class HiveText {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,127}");

  private HiveText() {}

  /**
   * The name as it is, once it is known to be a plain identifier.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  static String checkedIdentifier(String name) {
    if (!IDENTIFIER.matcher(name).matches()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use '"
              + name
              + "' as a name in Hive: allowed are letters, digits and '_', a letter first, at most"
              + " 128.");
    }
    return name;
  }

  /** The name in backticks. */
  static String identifier(String name) {
    return '`' + checkedIdentifier(name) + '`';
  }

  /** The value in single quotes. */
  static String literal(String value) {
    return '\'' + escaped(value) + '\'';
  }

  /**
   * The value as it stands between single quotes.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for control characters, and for
   *     "${", which Hive would replace even within quotes
   */
  static String escaped(String value) {
    if (value.contains("${") || value.chars().anyMatch(Character::isISOControl)) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use '"
              + value.replaceAll("\\p{Cntrl}", "?")
              + "' as a value in Hive: control characters and '${' are not allowed.");
    }
    return value.replace("\\", "\\\\").replace("'", "\\'");
  }
}
