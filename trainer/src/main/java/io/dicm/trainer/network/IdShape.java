package io.dicm.trainer.network;

import java.util.List;

/**
 * Sizes of what an ID network reads.
 *
 * @param sampleFields fields of the user and, unless behaviours are read one by one, those that
 *     behaviours carry
 * @param impressionFields fields of the shown item, then of the context
 * @param crosses pairs of features that have weights of their own
 * @param behaviorFields fields that each behaviour carries, where behaviours are read one by one;
 *     else 0
 * @param targetFields the same fields of the shown item: positions in the impression fields
 * @param embeddingWidth floats of an embedding
 * @param weightColumns weights that follow an ID's embedding: the first where the ID is a feature
 *     itself, the second, if there is one, where behaviours carry it
 * @param adImageWidth width of the shown picture's part of the image path's output
 * @param behaviorImageWidth width of the behaviours' part, which follows it
 * @param itemFields how many of the impression fields, the first ones, are the shown item's
 * @param carriedFields how many of the sample fields, the last ones, are behaviours'
 */
public record IdShape(
    int sampleFields,
    int impressionFields,
    int crosses,
    int behaviorFields,
    List<Integer> targetFields,
    int embeddingWidth,
    int weightColumns,
    int adImageWidth,
    int behaviorImageWidth,
    int itemFields,
    int carriedFields) {
  public IdShape {
    targetFields = List.copyOf(targetFields);
    if (itemFields < 0 || itemFields > impressionFields) {
      throw new IllegalArgumentException(
          "Item fields were " + itemFields + " of " + impressionFields + " impression fields");
    }
  }

  /** Without context: all impression fields are the shown item's. */
  public IdShape(
      int sampleFields,
      int impressionFields,
      int crosses,
      int behaviorFields,
      List<Integer> targetFields,
      int embeddingWidth,
      int weightColumns,
      int adImageWidth,
      int behaviorImageWidth) {
    this(
        sampleFields,
        impressionFields,
        crosses,
        behaviorFields,
        targetFields,
        embeddingWidth,
        weightColumns,
        adImageWidth,
        behaviorImageWidth,
        impressionFields,
        0);
  }

  /** Fields of the context, which follow the shown item's. */
  public int contextFields() {
    return impressionFields - itemFields;
  }

  /** Fields with a pooled embedding. */
  public int fields() {
    return sampleFields + impressionFields;
  }

  /** The weight of an ID that counts in a sample field. */
  int weightOfSampleField(int field) {
    return weightColumns > 1 && field >= sampleFields - carriedFields ? 1 : 0;
  }

  /** Width of all fields' embeddings, each with the weight that counts in the field. */
  int weightedWidth() {
    return fields() * (embeddingWidth + 1);
  }

  /** Floats of an ID's row. */
  public int rowWidth() {
    return embeddingWidth + weightColumns;
  }

  /** Width of all pooled embeddings side by side. */
  public int flatWidth() {
    return fields() * embeddingWidth;
  }

  /** Width of the image path's output; 0 without pictures. */
  public int imageWidth() {
    return adImageWidth + behaviorImageWidth;
  }

  /** Width of a behaviour's, and of the target's, embeddings side by side. */
  public int behaviorWidth() {
    return behaviorFields * embeddingWidth;
  }
}
