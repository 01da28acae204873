package io.dicm.app.cli;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Hadoop's generic options wherever they stand: Hadoop itself understands them only in front of the
 * sub-command, and users write them behind it too.
 */
final class GenericOptions {
  private static final Set<String> WITH_VALUE =
      Set.of("-conf", "-D", "-fs", "-jt", "-files", "-libjars", "-archives", "-tokenCacheFile");

  private GenericOptions() {}

  /**
   * The arguments with generic options first, else in their order.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a configuration file that is
   *     not there, which Hadoop would pass over in silence
   */
  static String[] first(String[] arguments) throws UsageException {
    List<String> generic = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument.equals("--")) {
        others.addAll(List.of(arguments).subList(i, arguments.length));
        break;
      } else if (WITH_VALUE.contains(argument)) {
        if (i + 1 == arguments.length) {
          throw new UsageException("option " + argument + " needs a value");
        }
        generic.add(argument);
        generic.add(checked(argument, arguments[++i]));
      } else if (argument.startsWith("-D") && argument.length() > 2) {
        generic.add("-D");
        generic.add(checked("-D", argument.substring(2)));
      } else {
        others.add(argument);
      }
    }
    generic.addAll(others);
    return generic.toArray(String[]::new);
  }

  private static String checked(String option, String value) throws UsageException {
    if (option.equals("-D") && value.indexOf('=') < 1) {
      throw new UsageException("option -D needs key=value, was '" + value + "'");
    }
    if (option.equals("-conf") && !Files.isRegularFile(localFile(value))) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use -conf " + value + ": there is no such file on this machine.");
    }
    return value;
  }

  /** Hadoop reads it from this machine, whatever scheme it has. */
  private static Path localFile(String value) throws UsageException {
    return Path.of(PathArgument.parse(value).toUri().getPath());
  }
}
