package io.dicm.trainer.model;

import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.IdShape;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSide;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
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
 * @param network the network on the side of IDs
 * @param targetFields positions in the item fields of those that behaviours carry
 * @param crosses pairs of features that have weights of their own, where the network reads them
 * @param imageBranch whether the image path has a head of its own, to be trained alone
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
    Aggregation aggregation,
    NetworkOptions network,
    List<Integer> targetFields,
    List<FeatureCross> crosses,
    boolean imageBranch) {
  public NetworkShape {
    queryFields = List.copyOf(queryFields);
    targetFields = List.copyOf(targetFields);
    crosses = List.copyOf(crosses);
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

  /** With the usual pooling and network; behaviours carry the first item fields. */
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

  /** With the usual network; behaviours carry the first item fields. */
  public NetworkShape(
      int userFields,
      int behaviorFields,
      int itemFields,
      int contextFields,
      List<Integer> queryFields,
      int embeddingDimension,
      int codeDimension,
      ImageMode images,
      Aggregation aggregation) {
    this(
        userFields,
        behaviorFields,
        itemFields,
        contextFields,
        queryFields,
        embeddingDimension,
        codeDimension,
        images,
        aggregation,
        NetworkOptions.USUAL,
        IntStream.range(0, behaviorFields).boxed().toList(),
        List.of(),
        false);
  }

  /** The shape for the fields of {@code features.json}, in their order there; usual pooling. */
  public static NetworkShape of(
      List<FeatureField> fields, int embeddingDimension, ImageMode images) {
    return of(fields, embeddingDimension, images, Aggregation.USUAL);
  }

  /**
   * The shape for the fields of {@code features.json}, in their order there; usual network and
   * codes.
   */
  public static NetworkShape of(
      List<FeatureField> fields,
      int embeddingDimension,
      ImageMode images,
      Aggregation aggregation) {
    List<FeatureField> items = on(fields, FeatureSide.ITEM);
    return new NetworkShape(
        on(fields, FeatureSide.USER).size(),
        (int) items.stream().filter(FeatureField::behavior).count(),
        items.size(),
        on(fields, FeatureSide.CONTEXT).size(),
        positions(items, FeatureField::query),
        embeddingDimension,
        SubModelShape.USUAL_CODE_DIMENSION,
        images,
        aggregation,
        NetworkOptions.USUAL,
        positions(items, FeatureField::behavior),
        List.of(),
        false);
  }

  /**
   * The same with behaviours' images pooled otherwise; what the network allows is not looked at.
   */
  public NetworkShape with(Aggregation other) {
    return new NetworkShape(
        userFields,
        behaviorFields,
        itemFields,
        contextFields,
        queryFields,
        embeddingDimension,
        codeDimension,
        images,
        other,
        network,
        targetFields,
        crosses,
        imageBranch);
  }

  /**
   * The same with a network on the side of IDs.
   *
   * @param crossesOfFeatures those of {@code features.json}; networks that read none have none
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when the network reads behaviours
   *     one by one and they carry no field, or when one of its towers has nothing to read or would
   *     look at what belongs to the other
   */
  public NetworkShape with(NetworkOptions other, List<FeatureCross> crossesOfFeatures) {
    if (other.kind().readsBehaviors() && behaviorFields == 0) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s: it weighs the behaviours by their fields, and no feature of features.json has \"behavior\": true. Give one that flag or choose another network."
              .formatted(DicmKeys.MODEL_NETWORK, other.kind().label()));
    }
    if (other.kind().hasTowers()) {
      if (images.poolsBehaviors()) {
        aggregation.requireUseIn(other.kind(), images);
      }
      requireBothTowers(other.kind());
    }
    return new NetworkShape(
        userFields,
        behaviorFields,
        itemFields,
        contextFields,
        queryFields,
        embeddingDimension,
        codeDimension,
        images,
        aggregation,
        other,
        targetFields,
        other.kind().readsCrosses() ? crossesOfFeatures : List.of(),
        imageBranch);
  }

  private void requireBothTowers(IdNetworkKind kind) {
    boolean user = sampleFieldsOf(kind) + contextFields > 0 || images.poolsBehaviors();
    boolean item = itemFields > 0 || images.concatenatesAd();
    if (!user || !item) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with %s=%s: the tower of the %s has nothing to read. Give features.json a feature of that side, choose other pictures or another network."
              .formatted(
                  DicmKeys.MODEL_NETWORK,
                  kind.label(),
                  DicmKeys.TRAIN_IMAGES,
                  images.name().toLowerCase(Locale.ROOT),
                  user ? "item" : "user"));
    }
  }

  /** The same for images of which the servers answer so many floats. */
  public NetworkShape withCodes(int floats) {
    return new NetworkShape(
        userFields,
        behaviorFields,
        itemFields,
        contextFields,
        queryFields,
        embeddingDimension,
        floats,
        images,
        aggregation,
        network,
        targetFields,
        crosses,
        imageBranch);
  }

  /** The same with or without a head of the image path's own. */
  public NetworkShape withImageBranch(boolean wanted) {
    return new NetworkShape(
        userFields,
        behaviorFields,
        itemFields,
        contextFields,
        queryFields,
        embeddingDimension,
        codeDimension,
        images,
        aggregation,
        network,
        targetFields,
        crosses,
        wanted);
  }

  /**
   * Bags of IDs that a sample has: one for each user field, then one for each behaviour field,
   * unless the network reads behaviours one by one.
   */
  public int sampleBags() {
    return sampleFieldsOf(network.kind());
  }

  private int sampleFieldsOf(IdNetworkKind kind) {
    return kind.readsBehaviors() ? userFields : userFields + behaviorFields;
  }

  /** Bags of IDs that an impression has: one for each item field, then for each context field. */
  public int impressionBags() {
    return itemFields + contextFields;
  }

  /** Bags of IDs that each behaviour has; 0 unless the network reads behaviours one by one. */
  public int behaviorBags() {
    return network.kind().readsBehaviors() ? behaviorFields : 0;
  }

  /** Whether training draws items, to tell behaviours from them. */
  public boolean drawsItems() {
    return network.drawsItems() && behaviorBags() > 0;
  }

  /** Width of all pooled ID embeddings of an impression. */
  public int idWidth() {
    return (sampleBags() + impressionBags()) * embeddingWidth();
  }

  /** Floats of an ID's row: its embedding, where anything reads that, and its weights. */
  public int rowWidth() {
    return embeddingWidth() + network.weightColumns();
  }

  /** Floats of an ID's embedding; 0 where only weights are read. */
  public int embeddingWidth() {
    NetworkChoice choice = new NetworkChoice(images, aggregation, network, imageBranch);
    return choice.readsEmbeddings() ? embeddingDimension : 0;
  }

  /** Width of the attention's ID query; 0 when no field is part of it. */
  public int idQueryWidth() {
    return queryFields.size() * embeddingDimension;
  }

  /** What the network on the side of IDs reads. */
  IdShape idShape(int adImageWidth, int behaviorImageWidth) {
    return new IdShape(
        sampleBags(),
        impressionBags(),
        crosses.size(),
        behaviorBags(),
        targetFields,
        embeddingWidth(),
        network.weightColumns(),
        adImageWidth,
        behaviorImageWidth,
        itemFields,
        network.kind().readsBehaviors() ? 0 : behaviorFields);
  }

  /** Whether codes of shown items' pictures are needed: as an input, or as an attention query. */
  public boolean needsAdCodes() {
    return images.concatenatesAd()
        || (images.poolsBehaviors() && aggregation.kind().asksWithAdCode());
  }

  /** Whether codes of behaviours' pictures are needed. */
  public boolean needsBehaviorCodes() {
    return images.poolsBehaviors() && aggregation.kind().poolsCodes();
  }

  /** Tiers of the behaviours' histograms that are inputs; 0 where there are none. */
  public int tiers() {
    return images.poolsBehaviors() ? aggregation.tiers() : 0;
  }

  private static List<Integer> positions(
      List<FeatureField> items, Predicate<FeatureField> condition) {
    return IntStream.range(0, items.size())
        .filter(i -> condition.test(items.get(i)))
        .boxed()
        .toList();
  }

  private static List<FeatureField> on(List<FeatureField> fields, FeatureSide side) {
    return fields.stream().filter(field -> field.side() == side).toList();
  }
}
