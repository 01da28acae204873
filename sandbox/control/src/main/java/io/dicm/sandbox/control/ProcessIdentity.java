package io.dicm.sandbox.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process for all time: its id and when it started, since Linux gives ids again.
 *
 * @param pid process id
 * @param startTicks clock ticks from boot to its start, field 22 of {@code /proc/PID/stat}
 */
public record ProcessIdentity(long pid, long startTicks) {
  private static final int STATE_FIELD = 0;
  private static final int START_FIELD = 19;

  /**
   * The living process with this id; empty when there is none or it only waits to be reaped by its
   * parent.
   */
  public static Optional<ProcessIdentity> of(long pid) {
    String stat;
    try {
      stat =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty(); // Gone.
    }
    // The second field is the program's name in parentheses and may hold anything, spaces and
    // parentheses too.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    boolean dead = fields[STATE_FIELD].equals("Z") || fields[STATE_FIELD].equals("X");
    return dead
        ? Optional.empty()
        : Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_FIELD])));
  }

  /** The identity that {@link #toString()} wrote; empty for any other text. */
  static Optional<ProcessIdentity> parse(String text) {
    String[] parts = text.strip().split(" ", -1);
    try {
      return parts.length == 2
          ? Optional.of(new ProcessIdentity(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty(); // A file cut short is like no file.
    }
  }

  /** Whether that very process still runs. */
  public boolean isAlive() {
    return of(pid).equals(Optional.of(this));
  }

  /** Asks the process to end (SIGTERM). */
  void terminate() {
    handle().ifPresent(ProcessHandle::destroy);
  }

  /** Ends the process at once (SIGKILL). */
  void kill() {
    handle().ifPresent(ProcessHandle::destroyForcibly);
  }

  private Optional<ProcessHandle> handle() {
    return isAlive() ? ProcessHandle.of(pid) : Optional.empty();
  }

  @Override
  public String toString() {
    return pid + " " + startTicks;
  }
}
