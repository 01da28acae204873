package io.dicm.app.launch;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of checkpoints' directories, {@code step=000000012000}: in the order of names they are in
 * the order of steps.
 */
public final class CheckpointNames {
  private static final Pattern NAME = Pattern.compile("step=([0-9]{12,18})");

  private CheckpointNames() {}

  /** The name of a checkpoint after so many finished steps. */
  public static String of(long steps) {
    return String.format(Locale.ROOT, "step=%012d", steps);
  }

  /** The finished steps that a name tells; nothing when it is no checkpoint's name. */
  public static OptionalLong steps(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
