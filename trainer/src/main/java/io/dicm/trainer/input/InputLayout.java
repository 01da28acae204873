package io.dicm.trainer.input;

import org.apache.hadoop.fs.Path;

/**
 * Where the files of an input directory lie.
 *
 * @param root {@code dicm.input.path}
 */
public record InputLayout(Path root) {
  /** Pictures, {@code <image_id>.<ext>}. */
  public Path images() {
    return new Path(root, "images");
  }

  /** item_id, image_id and further columns. */
  public Path items() {
    return new Path(root, "items.csv");
  }

  /** Optional: user_id and further columns. */
  public Path users() {
    return new Path(root, "users.csv");
  }

  /** user_id, item_id, ts, label, optional impression_id, context columns. */
  public Path impressions() {
    return new Path(root, "impressions.csv");
  }

  /** Optional: user_id, item_id, ts; absent: the clicked impressions. */
  public Path behaviors() {
    return new Path(root, "behaviors.csv");
  }

  /** Which columns are features. */
  public Path features() {
    return new Path(root, "features.json");
  }
}
