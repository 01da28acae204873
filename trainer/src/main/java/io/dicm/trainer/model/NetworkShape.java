package io.dicm.trainer.model;

import io.dicm.ams.submodel.SubModelShape;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSide;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Everything that settles the sizes of a {@link DicmNetwork}.
 *
 * @param userFields ID fields of the user
 * @param behaviorFields ID fields that behaviours carry, mean pooled over the behaviours
 * @param itemFields ID fields of the shown item
 * @param contextFields ID fields of the impression itself
 * @param queryFields positions in the item fields of those that make the attention's ID query
 * @param embeddingDimension floats of an ID embedding
 * @param codeDimension floats of an image code
 * @param images where pictures enter
 * @param aggregation how behaviours' image codes are pooled, where {@code images} says that they
 *     are
 */
public record NetworkShape(
    int userFields,
    int behaviorFields,
    int itemFields,
    int contextFields,
    List<Integer> queryFields,
    int embeddingDimension,
    int codeDimension,
    ImageMode images,
    Aggregation aggregation) {
  public NetworkShape {
    queryFields = List.copyOf(queryFields);
    for (int position : queryFields) {
      if (position < 0 || position >= itemFields) {
        throw new IllegalArgumentException(
            "Query field " + position + " is none of " + itemFields + " item fields");
      }
    }
    if (embeddingDimension < 1 || codeDimension < 1) {
      throw new IllegalArgumentException(
          "Dimensions were " + embeddingDimension + " and " + codeDimension + ", needed 1 or more");
    }
  }

  /** With the usual pooling. */
  public NetworkShape(
      int userFields,
      int behaviorFields,
      int itemFields,
      int contextFields,
      List<Integer> queryFields,
      int embeddingDimension,
      int codeDimension,
      ImageMode images) {
    this(
        userFields,
        behaviorFields,
        itemFields,
        contextFields,
        queryFields,
        embeddingDimension,
        codeDimension,
        images,
        Aggregation.USUAL);
  }

  /** The shape for the fields of {@code features.json}, in their order there; usual pooling. */
  public static NetworkShape of(
      List<FeatureField> fields, int embeddingDimension, ImageMode images) {
    return of(fields, embeddingDimension, images, Aggregation.USUAL);
  }

  /** The shape for the fields of {@code features.json}, in their order there; codes of 12. */
  public static NetworkShape of(
      List<FeatureField> fields,
      int embeddingDimension,
      ImageMode images,
      Aggregation aggregation) {
    int codeDimension = SubModelShape.USUAL.codeDimension(0);
    return of(fields, embeddingDimension, codeDimension, images, aggregation);
  }

  /**
   * The shape for the fields of {@code features.json}, in their order there.
   *
   * @param codeDimension what the servers answer for an image
   */
  public static NetworkShape of(
      List<FeatureField> fields,
      int embeddingDimension,
      int codeDimension,
      ImageMode images,
      Aggregation aggregation) {
    List<FeatureField> items = on(fields, FeatureSide.ITEM);
    return new NetworkShape(
        on(fields, FeatureSide.USER).size(),
        (int) items.stream().filter(FeatureField::behavior).count(),
        items.size(),
        on(fields, FeatureSide.CONTEXT).size(),
        IntStream.range(0, items.size()).filter(i -> items.get(i).query()).boxed().toList(),
        embeddingDimension,
        codeDimension,
        images,
        aggregation);
  }

  /** Bags of IDs that a sample has: one for each user field, then one for each behaviour field. */
  public int sampleBags() {
    return userFields + behaviorFields;
  }

  /** Bags of IDs that an impression has: one for each item field, then for each context field. */
  public int impressionBags() {
    return itemFields + contextFields;
  }

  /** Width of all pooled ID embeddings of an impression. */
  public int idWidth() {
    return (sampleBags() + impressionBags()) * embeddingDimension;
  }

  /** Width of the attention's ID query; 0 when no field is part of it. */
  public int idQueryWidth() {
    return queryFields.size() * embeddingDimension;
  }

  /** Whether codes of shown items' pictures are needed: as an input, or as an attention query. */
  public boolean needsAdCodes() {
    return images.concatenatesAd()
        || (images.poolsBehaviors() && aggregation.kind().asksWithAdCode());
  }

  private static List<FeatureField> on(List<FeatureField> fields, FeatureSide side) {
    return fields.stream().filter(field -> field.side() == side).toList();
  }
}
