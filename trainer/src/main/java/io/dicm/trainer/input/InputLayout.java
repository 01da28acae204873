package io.dicm.trainer.input;

import org.apache.hadoop.fs.Path;

/**
 * Where the files of an input directory lie.
 *
 * @param root {@code dicm.input.path}
 */
public record InputLayout(Path root) {
  /** The file of {@link #items}. */
  public static final String ITEMS = "items.csv";

  /** The file of {@link #users}. */
  public static final String USERS = "users.csv";

  /** The file of {@link #impressions}. */
  public static final String IMPRESSIONS = "impressions.csv";

  /** The file of {@link #behaviors}. */
  public static final String BEHAVIORS = "behaviors.csv";

  /** Pictures, {@code <image_id>.<ext>}. */
  public Path images() {
    return new Path(root, "images");
  }

  /** item_id, image_id and further columns. */
  public Path items() {
    return new Path(root, ITEMS);
  }

  /** Optional: user_id and further columns. */
  public Path users() {
    return new Path(root, USERS);
  }

  /** user_id, item_id, ts, label, optional impression_id, context columns. */
  public Path impressions() {
    return new Path(root, IMPRESSIONS);
  }

  /** Optional: user_id, item_id, ts; absent: the clicked impressions. */
  public Path behaviors() {
    return new Path(root, BEHAVIORS);
  }

  /** Which columns are features. */
  public Path features() {
    return new Path(root, "features.json");
  }
}
