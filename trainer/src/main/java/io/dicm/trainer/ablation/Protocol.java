package io.dicm.trainer.ablation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How training and test impressions are told apart. */
public enum Protocol {
  /** The last days are for testing. */
  TIME,
  /** The last impressions of each user are. */
  USER,
  /** As configured, and a share of the items is never a training target: true cold start. */
  ITEM_HOLDOUT;

  /** As in {@code --protocol} and in the report. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The protocol with this label. */
  public static Optional<Protocol> of(String label) {
    return Arrays.stream(values()).filter(known -> known.label().equals(label)).findFirst();
  }

  /** All labels, for a sentence. */
  public static String labels() {
    return Arrays.stream(values()).map(Protocol::label).collect(Collectors.joining(", "));
  }
}
