package io.dicm.app.cli;

import io.dicm.common.config.DicmKeys;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.hadoop.conf.Configuration;

/** {@code --images}, in the words of the paper's ablation, for {@code dicm.train.images}. */
final class ImagesOption {
  private static final String NAME = "images";

  private static final Map<String, String> VALUES =
      Map.of("none", "none", "ad", "ad", "behavior", "behavior", "both", "joint", "joint", "joint");

  private ImagesOption() {}

  static Option option() {
    return LaunchOptions.value(
        NAME,
        "WHERE",
        "where pictures enter the model: none, ad, behavior or both (or "
            + DicmKeys.TRAIN_IMAGES
            + ")");
  }

  /** Sets the key when the option is there; it wins over the key's own value. */
  static void apply(CommandLine line, Configuration conf) throws UsageException {
    String value = line.getOptionValue(NAME);
    if (value == null) {
      return;
    }
    if (!VALUES.containsKey(value)) {
      throw new UsageException(
          "--images was '" + value + "', allowed is one of none, ad, behavior, both");
    }
    conf.set(DicmKeys.TRAIN_IMAGES, VALUES.get(value));
  }
}
