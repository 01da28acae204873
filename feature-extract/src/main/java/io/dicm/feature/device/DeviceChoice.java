package io.dicm.feature.device;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where a process is told to compute. */
public enum DeviceChoice {
  /**
   * On a GPU where one was asked for and everything that it needs is there, else as {@link #CPU}.
   */
  AUTO,
  /** On the processor. */
  CPU,
  /** On a GPU; where something is missing the process fails. */
  CUDA;

  /** As keys and options name it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The choice with this label, if there is one. */
  public static Optional<DeviceChoice> of(String label) {
    return Arrays.stream(values()).filter(choice -> choice.label().equals(label)).findFirst();
  }

  /** All labels, for messages: {@code auto, cpu, cuda}. */
  public static String labels() {
    return Arrays.stream(values()).map(DeviceChoice::label).collect(Collectors.joining(", "));
  }
}
