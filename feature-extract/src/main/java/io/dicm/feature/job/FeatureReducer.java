package io.dicm.feature.job;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.ImageKeyCollision;
import java.io.IOException;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Reducer;

/** Lets through the one image of each key, and fails when there are two. */
public final class FeatureReducer
    extends Reducer<ImageKey, ExtractedImage, NullWritable, ExtractedImage> {

  @Override
  protected void reduce(ImageKey key, Iterable<ExtractedImage> images, Context context)
      throws IOException, InterruptedException {
    String first = null;
    for (ExtractedImage image : images) {
      if (first != null) {
        throw twoOf(key, first, image.imageId());
      }
      first = image.imageId();
      context.write(NullWritable.get(), image);
    }
  }

  private static DicmException twoOf(ImageKey key, String first, String second) {
    return first.equals(second)
        ? new DicmException(
            ErrorCode.INPUT_INVALID,
            "Cannot store image " + first + ": it came twice. Remove one of its files.")
        : ImageKeyCollision.of(first, second, key.value());
  }
}
