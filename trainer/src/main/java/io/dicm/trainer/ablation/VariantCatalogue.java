package io.dicm.trainer.ablation;

import io.dicm.common.config.DicmKeys;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.network.IdNetworkKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The variants of each table. Two tables may have a variant of one name under different titles: it
 * is trained once.
 */
final class VariantCatalogue {
  /** The variant that others' gains refer to. */
  static final String BASELINE = "baseline";

  static final String SHUFFLED = "shuffled";
  static final String PLANTED = "planted";

  private static final String JOINT = "joint";
  private static final String NO_PICTURES = "none";
  private static final String AD = "ad";
  private static final String CONCAT = "concat";
  private static final List<String> AGGREGATORS =
      List.of(CONCAT, "max", "sum", "attentive", "multi-query");

  private static final List<String> NETWORK_OPTIONS =
      List.of(
          DicmKeys.MODEL_HIDDEN,
          DicmKeys.MODEL_ACTIVATION,
          DicmKeys.MODEL_DROPOUT,
          DicmKeys.MODEL_PRODUCT,
          DicmKeys.MODEL_ATTENTION_HIDDEN,
          DicmKeys.MODEL_ATTENTION_SOFTMAX,
          DicmKeys.MODEL_AUXILIARY_WEIGHT,
          DicmKeys.TRAIN_PRETRAIN_FRACTION,
          DicmKeys.TRAIN_ID_OPTIMIZER,
          DicmKeys.TRAIN_ID_LEARNING_RATE_RATIO,
          DicmKeys.TRAIN_ID_L1,
          DicmKeys.TRAIN_NETWORK_OPTIMIZER,
          DicmKeys.TRAIN_NETWORK_LEARNING_RATE_RATIO,
          DicmKeys.TRAIN_WEIGHT_OPTIMIZER,
          DicmKeys.TRAIN_WEIGHT_LEARNING_RATE_RATIO,
          DicmKeys.TRAIN_WEIGHT_L1,
          DicmKeys.TRAIN_WEIGHT_L2);

  /** Aggregators that count tiers; a row of the table of aggregators where one is configured. */
  private static final List<String> TIERED = List.of("simtier", "multi-query-simtier");

  private final AblationRequest request;

  VariantCatalogue(AblationRequest request) {
    this.request = request;
  }

  /** A table's rows: the baseline first, the controls and what needs no model last. */
  List<Variant> of(TableName table) {
    List<Variant> variants = new ArrayList<>();
    variants.add(images(BASELINE, "no pictures (baseline)", NO_PICTURES, RowKind.BASELINE));
    switch (table) {
      case TABLE3 -> {
        variants.addAll(imageModes());
        variants.add(warm(JOINT + "-partial", "joint, partial warm-up", Variant.Start.PARTIAL));
      }
      case AGGREGATORS -> {
        aggregators().forEach(name -> variants.add(aggregator(name)));
        if (TIERED.contains(request.aggregator())) {
          variants.add(aggregator(request.aggregator()));
        }
      }
      case WARM_UP -> {
        variants.add(joint("none"));
        variants.add(warm(JOINT + "-partial", "partial", Variant.Start.PARTIAL));
        variants.add(warm(JOINT + "-full", "full", Variant.Start.FULL));
      }
      case COLD_START -> variants.addAll(imageModes());
      case CONTROLS -> variants.add(joint("joint"));
      case NETWORKS -> variants.addAll(networks());
    }
    variants.addAll(controls());
    variants.addAll(means());
    return variants.stream().map(VariantCatalogue::withoutForeignOptions).toList();
  }

  /** The other day's model: as the joint one. */
  Variant earlier() {
    return withoutForeignOptions(images("earlier", "the other day's model", JOINT, RowKind.MODEL));
  }

  private List<Variant> imageModes() {
    return List.of(
        images(AD, "ad picture", AD, RowKind.MODEL),
        images("behavior", "behaviour pictures", "behavior", RowKind.MODEL),
        joint("joint"));
  }

  private Variant joint(String title) {
    return images(JOINT, title, JOINT, RowKind.MODEL);
  }

  /** Those that the network can do with. */
  private List<String> aggregators() {
    return AGGREGATORS.stream()
        .filter(
            name -> Aggregation.suits(AggregatorKind.of(name), IdNetworkKind.of(request.network())))
        .toList();
  }

  private Variant aggregator(String name) {
    if (name.equals(request.aggregator())) {
      return joint(name);
    }
    return changed(joint(name), name, RowKind.MODEL, Map.of(DicmKeys.MODEL_AGGREGATOR, name));
  }

  /** Each network that the features can do with, without and with pictures; ours first. */
  private List<Variant> networks() {
    List<Variant> variants = new ArrayList<>();
    variants.add(joint(request.network() + ", with pictures"));
    for (IdNetworkKind kind : IdNetworkKind.values()) {
      if (request.networks().contains(kind) && !kind.label().equals(request.network())) {
        variants.add(network(kind, NO_PICTURES, "no pictures"));
        variants.add(network(kind, JOINT, "with pictures"));
      }
    }
    return variants;
  }

  /**
   * With the papers' hyper-parameters and optimisers: the configured ones are another network's.
   */
  private Variant network(IdNetworkKind kind, String mode, String title) {
    String label = kind.label();
    Map<String, String> settings = new HashMap<>();
    NETWORK_OPTIONS.forEach(key -> settings.put(key, ""));
    settings.put(DicmKeys.MODEL_NETWORK, label);
    if (!Aggregation.suits(AggregatorKind.of(request.aggregator()), kind)) {
      // Empty: the network's own.
      settings.put(DicmKeys.MODEL_AGGREGATOR, "");
    }
    return changed(
        images(label + "-" + mode, label + ", " + title, mode, RowKind.MODEL),
        label + "-" + mode,
        RowKind.MODEL,
        settings);
  }

  private List<Variant> controls() {
    return List.of(
        changed(
            joint("control: shuffled vectors"),
            SHUFFLED,
            RowKind.NEGATIVE_CONTROL,
            Map.of(
                DicmKeys.MODEL_AGGREGATOR,
                controlAggregator(),
                DicmKeys.TRAIN_IMAGE_CONTROL,
                SHUFFLED)),
        changed(
            joint("control: planted vectors"),
            PLANTED,
            RowKind.POSITIVE_CONTROL,
            Map.of(
                DicmKeys.MODEL_AGGREGATOR,
                controlAggregator(),
                DicmKeys.TRAIN_IMAGE_CONTROL,
                PLANTED,
                DicmKeys.TRAIN_PLANTED_SIGNAL,
                request.plantedSignal())));
  }

  /** The configured one, unless it compares vectors, which controls do not have in the store. */
  private String controlAggregator() {
    return TIERED.contains(request.aggregator())
        ? Aggregation.USUAL.toString()
        : request.aggregator();
  }

  private static List<Variant> means() {
    return List.of(
        mean("item-mean", "item mean, no model"),
        mean("user-mean", "user mean, no model"),
        mean("item-user-mean", "item and user mean, no model"));
  }

  private static Variant mean(String name, String title) {
    return new Variant(
        name,
        title,
        RowKind.NO_MODEL,
        Map.of(DicmKeys.PREDICT_BASELINE, name),
        Variant.Start.INITIAL);
  }

  private Variant warm(String name, String title, Variant.Start start) {
    Variant joint = joint(title);
    return new Variant(name, title, joint.kind(), joint.settings(), start);
  }

  private Variant images(String name, String title, String mode, RowKind kind) {
    Map<String, String> settings = new HashMap<>();
    settings.put(DicmKeys.TRAIN_IMAGES, mode);
    settings.put(DicmKeys.MODEL_AGGREGATOR, aggregatorWith(mode));
    settings.put(DicmKeys.TRAIN_IMAGE_CONTROL, "none");
    if (mode.equals(NO_PICTURES)) {
      // There is no image path that could train alone.
      settings.put(DicmKeys.TRAIN_IMAGE_EPOCHS, "0");
    }
    return new Variant(name, title, kind, settings, Variant.Start.INITIAL);
  }

  /** The configured one where there is something to pool; it may be refused elsewhere. */
  private String aggregatorWith(String mode) {
    boolean pools = !mode.equals(NO_PICTURES) && !mode.equals(AD);
    return pools ? request.aggregator() : "";
  }

  /** The user's options of a pooling or a sub-model that the variant has not would be refused. */
  private static Variant withoutForeignOptions(Variant variant) {
    if (!variant.settings().containsKey(DicmKeys.MODEL_AGGREGATOR)) {
      return variant;
    }
    Map<String, String> changes = new HashMap<>();
    String aggregator = variant.settings().get(DicmKeys.MODEL_AGGREGATOR);
    if (!aggregator.equals(CONCAT)) {
      changes.put(DicmKeys.MODEL_CONCAT_BEHAVIORS, "");
    }
    if (!TIERED.contains(aggregator)) {
      changes.put(DicmKeys.MODEL_SIMTIER_TIERS, "");
    }
    if (!variant.settings().get(DicmKeys.TRAIN_IMAGES).equals(JOINT)) {
      changes.put(DicmKeys.MODEL_SHARE_SUB_MODEL, "false");
    }
    return changed(variant, variant.name(), variant.kind(), changes);
  }

  private static Variant changed(
      Variant variant, String name, RowKind kind, Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>(variant.settings());
    settings.putAll(changes);
    return new Variant(name, variant.title(), kind, settings, variant.start());
  }
}
