package io.dicm.ams.server;

import io.dicm.ams.client.StepRequest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.submodel.MissingImageCount;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.table.MergedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Finds the rows of a window's images, and counts those that are not there. For one thread.
 *
 * @param missingImages what stands for them
 * @param references gets the count
 * @param crew looks them up and merges them
 */
record ImageLookup(
    FeatureShard shard, MissingImages missingImages, ReferenceCounts references, ComputeCrew crew) {

  /**
   * Rows of the shard by worker, {@link FeatureShard#MISSING_ROW} where an image is not there.
   *
   * @param ads of the ad images
   * @param behaviors of the behaviours' images
   * @param distinct whether no row stands twice in any list: each list's keys are different, so
   *     that only the row of missing images could
   */
  record Rows(List<int[]> ads, List<int[]> behaviors, boolean distinct) {}

  /**
   * Finds the rows of a window.
   *
   * @throws io.dicm.common.error.DicmException {@code INPUT_MISSING} when an image is not there and
   *     has to be
   */
  Rows find(List<StepRequest> requests) {
    MissingImageCount count = new MissingImageCount();
    List<int[]> ads = rows(requests, StepRequest::adImageKeys, count);
    List<int[]> behaviors = rows(requests, StepRequest::behaviorImageKeys, count);
    references.addMissing(count.missing());
    if (missingImages == MissingImages.FAIL && count.missing() > 0) {
      throw count.refusal("run step " + requests.get(0).step());
    }
    return new Rows(ads, behaviors, count.missing() < 2);
  }

  private List<int[]> rows(
      List<StepRequest> requests, Function<StepRequest, long[]> keys, MissingImageCount count) {
    List<int[]> rows = new ArrayList<>();
    for (StepRequest request : requests) {
      long[] asked = keys.apply(request);
      int[] found = shard.rowsOf(asked, crew);
      count.addReferences(found.length);
      for (int i = 0; i < found.length; i++) {
        if (found[i] == FeatureShard.MISSING_ROW) {
          count.addMissing(asked[i]);
        }
      }
      rows.add(found);
    }
    return rows;
  }

  /**
   * Lists of a window's rows, each row once.
   *
   * @param distinct whether no row stands twice in any of them
   */
  MergedRows merged(List<int[]> lists, boolean distinct) {
    return distinct && lists.size() == 1
        ? MergedRows.ofDistinct(lists.get(0), crew)
        : MergedRows.of(lists, crew);
  }
}
