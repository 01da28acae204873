package io.dicm.trainer.ablation;

import io.dicm.common.config.DicmKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an ablation does: the variants of each table, and the runs, each after those that it needs.
 *
 * <p>One run prepares vectors and samples for all. Runs of one seed stand together, so that a first
 * look at all variants is there early. A variant that several tables have is trained once.
 *
 * @param request what was asked for
 * @param tables the rows of each table
 * @param runs all of them, in an order in which they can be run
 */
public record AblationPlan(
    AblationRequest request, Map<TableName, List<Variant>> tables, List<PlannedRun> runs) {
  private static final String EARLIER = "earlier";

  /** A day before would give some variants a start and fewer samples. */
  private static final String STANDS_ALONE = "off";

  public AblationPlan {
    tables = new EnumMap<>(tables);
    runs = List.copyOf(runs);
  }

  /** Expands what was asked for. */
  public static AblationPlan of(AblationRequest request) {
    VariantCatalogue catalogue = new VariantCatalogue(request);
    Map<TableName, List<Variant>> tables = new EnumMap<>(TableName.class);
    Map<String, Variant> distinct = new LinkedHashMap<>();
    for (TableName table : TableName.values()) {
      if (request.tables().contains(table)) {
        tables.put(table, catalogue.of(table));
        tables.get(table).forEach(variant -> distinct.putIfAbsent(variant.name(), variant));
      }
    }
    return new AblationPlan(
        request, tables, new Expansion(request, catalogue.earlier()).runs(distinct.values()));
  }

  /** The runs of a variant by ascending seed; one without a model has one run. */
  public List<PlannedRun> runsOf(String variant) {
    return runs.stream()
        .filter(run -> run.work().evaluates() && run.variant().equals(variant))
        .toList();
  }

  /** Makes runs of variants. */
  private record Expansion(AblationRequest request, Variant earlier) {
    List<PlannedRun> runs(Collection<Variant> variants) {
      List<PlannedRun> runs = new ArrayList<>();
      runs.add(shared(request.name(), PlannedRun.Work.PREPARE, request.samples().settings()));
      runs.add(shared(plantedName(), PlannedRun.Work.PLANTED_SIGNAL, Map.of()));
      boolean ownWarmStart =
          request.warmStart().isEmpty() && variants.stream().anyMatch(Variant::isWarm);
      if (ownWarmStart) {
        runs.add(
            shared(
                named(EARLIER),
                PlannedRun.Work.EARLIER_SAMPLES,
                request.samples().earlierSettings()));
      }
      variants.stream()
          .filter(variant -> !variant.isTrained())
          .forEach(variant -> runs.add(mean(variant)));
      for (long seed : request.seeds()) {
        if (ownWarmStart) {
          runs.add(earlier(seed));
        }
        variants.stream()
            .filter(Variant::isTrained)
            .forEach(variant -> runs.add(trained(variant, seed)));
      }
      return runs;
    }

    private PlannedRun shared(String name, PlannedRun.Work work, Map<String, String> settings) {
      List<String> after = name.equals(request.name()) ? List.of() : List.of(request.name());
      Map<String, String> own = new HashMap<>(settings);
      own.put(DicmKeys.SAMPLES_RUN, "");
      own.put(DicmKeys.RUN_INCREMENTAL, STANDS_ALONE);
      return new PlannedRun(name, work, "", 0, own, after);
    }

    private PlannedRun mean(Variant variant) {
      return new PlannedRun(
          named(variant.name()),
          PlannedRun.Work.EVALUATE,
          variant.name(),
          0,
          onSamples(variant, request.samples().settings(), request.name()),
          List.of(request.name()));
    }

    private PlannedRun earlier(long seed) {
      Map<String, String> settings =
          onSamples(earlier, request.samples().earlierSettings(), named(EARLIER));
      settings.put(DicmKeys.TRAIN_SEED, Long.toString(seed));
      settings.put(DicmKeys.TRAIN_WARM_START, "");
      return new PlannedRun(
          seeded(EARLIER, seed),
          PlannedRun.Work.TRAIN,
          EARLIER,
          seed,
          settings,
          List.of(named(EARLIER)));
    }

    private PlannedRun trained(Variant variant, long seed) {
      Map<String, String> settings =
          onSamples(variant, request.samples().settings(), request.name());
      settings.put(DicmKeys.TRAIN_SEED, Long.toString(seed));
      settings.put(DicmKeys.TRAIN_WARM_START, "");
      List<String> after = new ArrayList<>(List.of(request.name()));
      if (variant.kind() == RowKind.POSITIVE_CONTROL) {
        after.add(plantedName());
      }
      if (variant.isWarm()) {
        boolean own = request.warmStart().isEmpty();
        settings.put(DicmKeys.TRAIN_WARM_START, own ? seeded(EARLIER, seed) : request.warmStart());
        settings.put(
            DicmKeys.TRAIN_WARM_START_MODE,
            variant.start() == Variant.Start.FULL ? "full" : "partial");
        if (own) {
          after.add(seeded(EARLIER, seed));
        }
      }
      return new PlannedRun(
          seeded(variant.name(), seed),
          PlannedRun.Work.TRAIN_AND_EVALUATE,
          variant.name(),
          seed,
          settings,
          after);
    }

    private static Map<String, String> onSamples(
        Variant variant, Map<String, String> samples, String run) {
      Map<String, String> settings = new HashMap<>();
      // The run's own model, on its own test samples, whatever is configured.
      for (String key :
          List.of(DicmKeys.PREDICT_BASELINE, DicmKeys.PREDICT_MODEL, DicmKeys.PREDICT_SAMPLES)) {
        settings.put(key, "");
      }
      settings.put(DicmKeys.PREDICT_SPLIT, "test");
      settings.put(DicmKeys.RUN_INCREMENTAL, STANDS_ALONE);
      settings.putAll(variant.settings());
      settings.putAll(samples);
      settings.put(DicmKeys.SAMPLES_RUN, run);
      return settings;
    }

    private String plantedName() {
      return named("planted-signal");
    }

    private String seeded(String variant, long seed) {
      return named(variant) + "-seed" + seed;
    }

    private String named(String part) {
      return request.name() + "-" + part;
    }
  }
}
