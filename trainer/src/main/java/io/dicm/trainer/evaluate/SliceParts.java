package io.dicm.trainer.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of all slices, numbered from 0, and those that an impression belongs to: one of each
 * slice. Immutable.
 */
final class SliceParts {
  /** Parts of one impression. */
  static final int SLICES = Slice.values().length;

  /** Stands for impressions of items without a category; no category has this name. */
  static final String NO_CATEGORY = "(none)";

  /** All categories that are not among the largest, or have the name of one of these two. */
  static final String OTHER = "other";

  private static final Bins AGE = new Bins(1, 7, 30);
  private static final Bins EXPOSURES = new Bins(0, 5, 20);
  private static final Bins ACTIVITY = new Bins(0, 5, 20);

  private final List<Part> parts = new ArrayList<>();
  private final Map<String, Integer> categories = new HashMap<>();
  private final int firstAge;
  private final int firstExposures;
  private final int firstActivity;
  private final int imagePresent;
  private final int imageMissing;
  private final int otherCategory;

  /** One part: of what it is one, and its name. */
  record Part(Slice slice, String value) {}

  /**
   * @param largestCategories those that have parts of their own
   */
  SliceParts(List<String> largestCategories) {
    add(Slice.ALL, "all");
    this.firstAge = add(Slice.ITEM_AGE, AGE);
    this.firstExposures = add(Slice.TRAIN_EXPOSURES, EXPOSURES);
    for (String category : largestCategories) {
      if (!category.equals(OTHER) && !category.equals(NO_CATEGORY)) {
        categories.put(category, add(Slice.CATEGORY, category.isEmpty() ? NO_CATEGORY : category));
      }
    }
    this.otherCategory = add(Slice.CATEGORY, OTHER);
    this.firstActivity = add(Slice.USER_ACTIVITY, ACTIVITY);
    this.imagePresent = add(Slice.IMAGE, "present");
    this.imageMissing = add(Slice.IMAGE, "missing");
  }

  /** The number of parts of all slices. */
  int count() {
    return parts.size();
  }

  Part part(int number) {
    return parts.get(number);
  }

  /** The numbers of an impression's parts, [slices]. */
  int[] of(String category, SliceKeys keys) {
    return new int[] {
      0,
      firstAge + AGE.of(keys.itemAgeDays()),
      firstExposures + EXPOSURES.of(keys.itemTrainExposures()),
      categories.getOrDefault(category, otherCategory),
      firstActivity + ACTIVITY.of(keys.behaviorCount()),
      keys.imagePresent() ? imagePresent : imageMissing
    };
  }

  private int add(Slice slice, Bins bins) {
    int first = parts.size();
    bins.labels().forEach(label -> add(slice, label));
    return first;
  }

  private int add(Slice slice, String value) {
    parts.add(new Part(slice, value));
    return parts.size() - 1;
  }
}
