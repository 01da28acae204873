package io.dicm.trainer.ablation;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables that an ablation can make. */
public enum TableName {
  /** Where pictures enter the model, and the warm start: arXiv 1711.06505, table 3. */
  TABLE3("Where pictures enter the model"),
  /** How the pictures of behaviours are pooled: its table 4. */
  AGGREGATORS("How the pictures of behaviours are pooled"),
  /** What training begins with: its table 5. */
  WARM_UP("What training begins with"),
  /** Gains by how often, and since when, an item was seen; not in the paper. */
  COLD_START("Gain over the baseline, cold start"),
  /** The controls and the model that they are controls of. */
  CONTROLS("Controls"),
  /** Networks on the side of IDs, without and with pictures: its table 6 and more. */
  NETWORKS("Networks on the side of IDs");

  private final String title;

  TableName(String title) {
    this.title = title;
  }

  /** For people. */
  public String title() {
    return title;
  }

  /** As in {@code --only} and in the report. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The table with this label. */
  public static Optional<TableName> of(String label) {
    return Arrays.stream(values()).filter(table -> table.label().equals(label)).findFirst();
  }

  /** What an ablation makes unless it is told otherwise: all that is about pictures. */
  public static Set<TableName> usual() {
    return EnumSet.complementOf(EnumSet.of(NETWORKS));
  }

  /** All labels, for a sentence. */
  public static String labels() {
    return Arrays.stream(values()).map(TableName::label).collect(Collectors.joining(", "));
  }
}
