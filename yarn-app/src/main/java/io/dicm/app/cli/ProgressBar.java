package io.dicm.app.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows progress: a bar that is drawn anew in place on a terminal; elsewhere, as in a log, a line
 * when the label changes and one a while. For one thread.
 */
final class ProgressBar {
  private static final int WIDTH = 24;
  private static final int MOST_COLUMNS = 110;
  private static final long LINE_INTERVAL_MS = 15_000;
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier nowMs;
  private String shown = "";
  private String label = "";
  private long lastLineMs;

  /**
   * @param terminal whether lines can be drawn in place
   * @param nowMs a clock, ms
   */
  ProgressBar(PrintStream out, boolean terminal, LongSupplier nowMs) {
    this.out = out;
    this.terminal = terminal;
    this.nowMs = nowMs;
  }

  /** On stderr. */
  static ProgressBar onStandardError(PrintStream err) {
    return new ProgressBar(err, isTerminal(), () -> System.nanoTime() / 1_000_000);
  }

  /**
   * Shows how far it is.
   *
   * @param newLabel what is going on
   * @param fraction of it, 0 to 1
   * @param note a few more words
   */
  void show(String newLabel, float fraction, String note) {
    String line = line(newLabel, Math.max(0, Math.min(1, fraction)), note);
    if (terminal) {
      drawInPlace(line);
    } else {
      printNowAndThen(newLabel, line);
    }
  }

  /** Takes the bar away and writes a line that stays. */
  void say(String line) {
    clear();
    out.println(line);
    out.flush();
  }

  /** Takes the bar away. */
  void clear() {
    if (terminal && !shown.isEmpty()) {
      out.print(CLEAR_LINE);
      out.flush();
    }
    shown = "";
  }

  private void drawInPlace(String line) {
    if (!line.equals(shown)) {
      out.print(CLEAR_LINE + line);
      out.flush();
      shown = line;
    }
  }

  private void printNowAndThen(String newLabel, String line) {
    boolean changed = !newLabel.equals(label);
    boolean due = nowMs.getAsLong() - lastLineMs >= LINE_INTERVAL_MS && !line.equals(shown);
    if (changed || due) {
      out.println(line);
      out.flush();
      label = newLabel;
      shown = line;
      lastLineMs = nowMs.getAsLong();
    }
  }

  private static String line(String label, float fraction, String note) {
    int filled = Math.round(fraction * WIDTH);
    String line =
        String.format(
            Locale.ROOT,
            "%-12s [%s%s] %3d%%  %s",
            label,
            "#".repeat(filled),
            ".".repeat(WIDTH - filled),
            (int) (fraction * 100),
            note);
    return line.substring(0, Math.min(line.length(), MOST_COLUMNS)).stripTrailing();
  }

  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false; // Not Linux: plain lines are never wrong.
    }
  }
}
