package io.dicm.trainer.input;

import java.util.regex.Pattern;

/** Reads decimal numbers; Java's own suffixes, hexadecimals and words are none. */
final class Numbers {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d{1,400}(\\.\\d{0,400})?|\\.\\d{1,400})([eE][+-]?\\d{1,4})?");

  private Numbers() {}

  /**
   * @param column for the message
   * @throws BadRowException {@link RowProblem#BAD_NUMBER}
   */
  static double parse(String column, String text) throws BadRowException {
    if (DECIMAL.matcher(text).matches()) {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    }
    throw new BadRowException(
        RowProblem.BAD_NUMBER, column + " was '" + text + "', needed a finite decimal number");
  }
}
