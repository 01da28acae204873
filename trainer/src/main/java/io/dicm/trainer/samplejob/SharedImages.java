package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.duplicate.NearDuplicateTable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * By which key samples refer to an image: its own, or that of the near-duplicate that stands for
 * it, so that one vector and one code serve a whole group. Immutable.
 */
final class SharedImages {
  private final Map<Long, Long> representatives;

  private SharedImages(Map<Long, Long> representatives) {
    this.representatives = Map.copyOf(representatives);
  }

  /**
   * Reads the groups of {@code dicm.samples.shared-images}, about 100 bytes of memory an image in
   * one; without the setting each image has its own key.
   */
  static SharedImages load(Configuration conf) throws IOException {
    Map<Long, Long> representatives = new HashMap<>();
    String directory = DicmConfiguration.of(conf).text(DicmKeys.SAMPLES_SHARED_IMAGES);
    if (!directory.isEmpty()) {
      new NearDuplicateTable(conf, new Path(directory))
          .readNearRepresentatives(representatives::put);
    }
    return new SharedImages(representatives);
  }

  /**
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is no such table
   */
  static void check(Configuration conf) throws IOException {
    String name = DicmConfiguration.of(conf).text(DicmKeys.SAMPLES_SHARED_IMAGES);
    if (name.isEmpty()) {
      return;
    }
    if (!new NearDuplicateTable(conf, new Path(name)).exists()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot use "
              + DicmKeys.SAMPLES_SHARED_IMAGES
              + ": there is no table of near-duplicates in "
              + name
              + ". Name the directory that './dicm duplicates' prints.");
    }
  }

  /** The key by which samples refer to an image. */
  long keyOf(String imageId) {
    long own = Fingerprints.imageKey(imageId);
    return representatives.getOrDefault(own, own);
  }
}
