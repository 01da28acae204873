package io.dicm.trainer.input;

import io.dicm.common.config.DicmKeys;
import java.util.Locale;

/** The tables of an input. */
public enum InputTable {
  /** item_id, image_id and further columns. */
  ITEMS(DicmKeys.INPUT_ITEMS),
  /** Optional: user_id and further columns. */
  USERS(DicmKeys.INPUT_USERS),
  /** user_id, item_id, ts, label, optional impression_id, context columns. */
  IMPRESSIONS(DicmKeys.INPUT_IMPRESSIONS),
  /** Optional: user_id, item_id, ts; absent: the clicked impressions. */
  BEHAVIORS(DicmKeys.INPUT_BEHAVIORS);

  private final String key;

  InputTable(String key) {
    this.key = key;
  }

  /** The name of its file or directory in an input directory, without an ending. */
  public String baseName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The configuration key that says where it is. */
  public String key() {
    return key;
  }

  /** Whether it is a log, whose rows have moments, and not a list of what is known now. */
  public boolean isLog() {
    return this == IMPRESSIONS || this == BEHAVIORS;
  }
}
