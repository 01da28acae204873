package io.dicm.app.cli;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.Role;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.device.DeviceChoice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.hadoop.conf.Configuration;

/**
 * {@code --device}: where the roles of a command compute. One choice is for all of them, {@code
 * worker=cuda,server=cpu} for each its own.
 */
final class DeviceOption {
  static final String NAME = "device";

  /** Role to key, in the order of a run. */
  private final Map<String, String> keys = new LinkedHashMap<>();

  /**
   * @param stages that the command may run
   */
  DeviceOption(List<StageName> stages) {
    if (stages.contains(StageName.EXTRACT)) {
      keys.put(StageName.EXTRACT.label(), DicmKeys.EXTRACT_DEVICE);
    }
    if (stages.contains(StageName.TRAIN)) {
      add(Role.SERVER);
      add(Role.WORKER);
    }
    if (stages.contains(StageName.PREDICT)) {
      add(Role.PREDICTOR);
    }
  }

  private void add(Role role) {
    keys.put(role.label(), ContainerSettings.deviceKey(role));
  }

  /** Whether any of the stages computes with libtorch. */
  boolean isOfUse() {
    return !keys.isEmpty();
  }

  Option option() {
    String each =
        keys.size() == 1 ? "" : ", or each role's, such as " + example() + " of " + roles();
    return LaunchOptions.value(
        NAME,
        "WHERE",
        "where to compute: " + DeviceChoice.labels() + each + " (or " + keyNames() + ")");
  }

  private String example() {
    List<String> roles = List.copyOf(keys.keySet());
    return roles.get(0) + "=cpu," + roles.get(1) + "=cuda";
  }

  private String roles() {
    return String.join(", ", keys.keySet());
  }

  private String keyNames() {
    return String.join(", ", keys.values());
  }

  /** Sets the keys when the option is there; it wins over the keys' own values. */
  void apply(CommandLine line, Configuration conf) throws UsageException {
    String value = line.getOptionValue(NAME);
    if (value == null) {
      return;
    }
    if (DeviceChoice.of(value).isPresent()) {
      keys.values().forEach(key -> conf.set(key, value, "--" + NAME));
      return;
    }
    for (String part : value.split(",", -1)) {
      String[] pair = part.split("=", 2);
      String key = keys.get(pair[0].strip());
      if (pair.length < 2 || key == null || DeviceChoice.of(pair[1].strip()).isEmpty()) {
        throw new UsageException(
            "--%s was '%s', allowed is one of %s, or ROLE=WHERE, separated by commas, with the roles %s"
                .formatted(NAME, value, DeviceChoice.labels(), roles()));
      }
      conf.set(key, pair[1].strip(), "--" + NAME);
    }
  }
}
