package io.dicm.ams.server;

import io.dicm.ams.client.StepRequest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.submodel.MissingImageCount;
import io.dicm.ams.submodel.MissingImages;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Finds the rows of a window's images, and counts those that are not there. For one thread.
 *
 * @param missingImages what stands for them
 * @param references gets the count
 * @param crew looks them up
 */
record ImageLookup(
    FeatureShard shard, MissingImages missingImages, ReferenceCounts references, ComputeCrew crew) {

  /**
   * Rows of the shard by worker, {@link FeatureShard#MISSING_ROW} where an image is not there.
   *
   * @param ads of the ad images
   * @param behaviors of the behaviours' images
   */
  record Rows(List<int[]> ads, List<int[]> behaviors) {}

  /**
   * Finds the rows of a window.
   *
   * @throws io.dicm.common.error.DicmException {@code INPUT_MISSING} when an image is not there and
   *     has to be
   */
  Rows find(List<StepRequest> requests) {
    MissingImageCount count = new MissingImageCount();
    Rows rows =
        new Rows(
            rows(requests, StepRequest::adImageKeys, count),
            rows(requests, StepRequest::behaviorImageKeys, count));
    references.addMissing(count.missing());
    if (missingImages == MissingImages.FAIL && count.missing() > 0) {
      throw count.refusal("run step " + requests.get(0).step());
    }
    return rows;
  }

  private List<int[]> rows(
      List<StepRequest> requests, Function<StepRequest, long[]> keys, MissingImageCount count) {
    List<int[]> rows = new ArrayList<>();
    for (StepRequest request : requests) {
      long[] asked = keys.apply(request);
      int[] found = shard.rowsOf(asked, crew);
      for (int i = 0; i < found.length; i++) {
        count.add(asked[i], found[i] == FeatureShard.MISSING_ROW);
      }
      rows.add(found);
    }
    return rows;
  }
}
