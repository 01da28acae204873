package io.dicm.feature.source;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the images of one piece in the order in which they lie. Not safe for use by many threads.
 */
public interface ImageCursor extends Closeable {
  /**
   * The next image, or nothing after the last one.
   *
   * @throws io.dicm.common.error.DicmException {@code INPUT_INVALID} when the file that holds the
   *     images is damaged or has no image_id where one must be
   */
  Optional<SourceImage> next() throws IOException;
}
