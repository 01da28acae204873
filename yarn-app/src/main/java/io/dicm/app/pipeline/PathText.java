package io.dicm.app.pipeline;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.fs.Path;

/** Paths as users write them. */
public final class PathText {
  private PathText() {}

  /**
   * The path that a text names.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when it names none
   */
  public static Path parse(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use '%s' as a path: allowed are /a/b, a/b and a URI such as hdfs://host/a/b; what stands before ':' is taken for the URI's scheme."
              .formatted(text),
          e);
    }
  }
}
