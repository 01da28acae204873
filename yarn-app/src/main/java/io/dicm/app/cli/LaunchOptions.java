package io.dicm.app.cli;

import io.dicm.common.config.DicmKeys;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Options that several commands have. */
final class LaunchOptions {
  static final String DETACH = "detach";
  static final String KEY = "key";

  private LaunchOptions() {}

  /** An option with a value. */
  static Option value(String name, String argument, String description) {
    return Option.builder().longOpt(name).hasArg().argName(argument).desc(description).build();
  }

  /** An option without a value. */
  static Option flag(String name, String description) {
    return Option.builder().longOpt(name).desc(description).build();
  }

  /** {@code --detach}, {@code --key} and {@code --output}. */
  static Options addTo(Options options) {
    options.addOption(
        value(
            KEY,
            "KEY",
            "follow this user's application with the same key, if it has not ended, instead of"
                + " submitting another; auto: by workspace, date, run and stages (or "
                + DicmKeys.YARN_SUBMISSION_KEY
                + ")"));
    options.addOption(flag(DETACH, "submit, print the application's id and leave"));
    return OutputFormat.addTo(options);
  }
}
