package io.dicm.trainer.report;

import java.util.List;

/**
 * Some test impressions with what attention looked at.
 *
 * @param channels names of the attention channels; empty: the model has none and the behaviours are
 *     the latest ones
 * @param examples clicked and unclicked ones
 * @param read test impressions among which they were drawn
 * @param all test impressions read to the end, or only the first ones
 */
record ExampleImpressions(List<String> channels, List<Example> examples, long read, boolean all) {
  /**
   * One impression.
   *
   * @param impressionId of the log
   * @param userId the user
   * @param itemId the shown item
   * @param category of the item, or empty
   * @param click whether it was clicked
   * @param probability of a click, as the model says
   * @param image of the item
   * @param behaviors how many pictures the user had clicked before, repeated ones counted
   * @param attended the different pictures that drew the most attention, the most first
   */
  record Example(
      String impressionId,
      String userId,
      String itemId,
      String category,
      boolean click,
      double probability,
      ShownImage image,
      int behaviors,
      List<Attended> attended) {}

  /**
   * A picture of the user's behaviours.
   *
   * @param times how often it is among them
   * @param weights of each channel
   */
  record Attended(ShownImage image, int times, double[] weights) {}
}
