package io.dicm.trainer.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The style sheet of our pages: light and dark by the reader's preference, and for print. */
public final class StyleSheet {
  private static final String FILE = "report.css";

  private StyleSheet() {}

  /** The CSS. */
  public static String text() {
    try (InputStream in = StyleSheet.class.getResourceAsStream(FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
