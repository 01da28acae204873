package io.dicm.trainer.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmKeys;
import io.dicm.trainer.network.IdNetworkKind;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestAblationPlan {
  @ParameterizedTest
  @EnumSource(TableName.class)
  void controlsAndMeansStandInEveryTable(TableName table) {
    AblationPlan plan = AblationPlan.of(Requests.of(Set.of(table), 1L));

    List<String> rows = plan.tables().get(table).stream().map(Variant::name).toList();
    assertThat(rows)
        .startsWith("baseline")
        .endsWith("shuffled", "planted", "item-mean", "user-mean", "item-user-mean");
    assertThat(rows).doesNotHaveDuplicates().contains("joint");
  }

  @Test
  void eachVariantIsTrainedOnceForEachSeedWhateverTablesHaveIt() {
    AblationPlan plan = AblationPlan.of(Requests.of(TableName.usual(), 1L, 2L, 3L));

    assertThat(plan.runs()).extracting(PlannedRun::name).doesNotHaveDuplicates();
    assertThat(plan.runsOf("joint"))
        .extracting(PlannedRun::name)
        .containsExactly("spring-joint-seed1", "spring-joint-seed2", "spring-joint-seed3");
    assertThat(plan.runsOf("item-mean"))
        .extracting(PlannedRun::name)
        .containsExactly("spring-item-mean");
    // baseline, 3 image modes, 2 warm starts, 4 other aggregators, 2 controls, the earlier model.
    assertThat(plan.runs().stream().filter(run -> run.seed() == 2)).hasSize(13);
    assertThat(plan.tables().get(TableName.AGGREGATORS))
        .extracting(Variant::title)
        .contains("multi-query", "sum");
  }

  @Test
  void everyNetworkIsTrainedWithoutAndWithPicturesWithItsOwnOptions() {
    AblationPlan plan = AblationPlan.of(Requests.of(Set.of(TableName.NETWORKS), 1L));

    assertThat(plan.tables().get(TableName.NETWORKS))
        .extracting(Variant::name)
        .contains("baseline", "joint", "lr-none", "lr-joint", "dien-none", "dien-joint")
        .doesNotContain("embedding-mlp-none");
    PlannedRun din = run(plan, "spring-din-joint-seed1");
    assertThat(din.settings())
        .containsEntry(DicmKeys.MODEL_NETWORK, "din")
        .containsEntry(DicmKeys.TRAIN_IMAGES, "joint")
        .containsEntry(DicmKeys.MODEL_HIDDEN, "")
        .containsEntry(DicmKeys.TRAIN_WEIGHT_L1, "")
        .containsEntry(DicmKeys.TRAIN_PRETRAIN_FRACTION, "")
        .doesNotContainKey(DicmKeys.TRAIN_IMAGE_EPOCHS);
    assertThat(run(plan, "spring-din-none-seed1").settings())
        .containsEntry(DicmKeys.TRAIN_IMAGE_EPOCHS, "0");
    // A user's tower must not see the shown item, as the configured multi-query pooling does.
    assertThat(run(plan, "spring-two-towers-joint-seed1").settings())
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "");
    assertThat(run(plan, "spring-din-joint-seed1").settings())
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "multi-query");
    // eight other networks twice, baseline and joint, two controls.
    assertThat(plan.runs().stream().filter(run -> run.seed() == 1)).hasSize(20);
    assertThat(TableName.usual()).doesNotContain(TableName.NETWORKS);
  }

  /** A training with them is refused: one of them would end the whole ablation. */
  @Test
  void networksThatTheFeaturesCannotDoWithAreLeftOut() {
    AblationPlan plan =
        AblationPlan.of(
            Requests.of(
                Set.of(TableName.NETWORKS),
                IdNetworkKind.EMBEDDING_MLP,
                EnumSet.of(IdNetworkKind.EMBEDDING_MLP, IdNetworkKind.LR),
                "sum",
                "",
                1L));

    assertThat(plan.tables().get(TableName.NETWORKS))
        .extracting(Variant::name)
        .containsExactly(
            "baseline",
            "joint",
            "lr-none",
            "lr-joint",
            "shuffled",
            "planted",
            "item-mean",
            "user-mean",
            "item-user-mean");
  }

  @Test
  void towersPoolAsConfiguredWhereThatLooksAtBehavioursAlone() {
    AblationPlan plan = AblationPlan.of(Requests.of(Set.of(TableName.NETWORKS), "max", "", 1L));

    assertThat(run(plan, "spring-two-towers-joint-seed1").settings())
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "max");
  }

  @Test
  void optionsOfAPoolingAreThoseOfItsVariantsAlone() {
    AblationPlan plan =
        AblationPlan.of(Requests.of(Set.of(TableName.AGGREGATORS), "simtier", "", 1L));

    assertThat(run(plan, "spring-concat-seed1").settings())
        .doesNotContainKey(DicmKeys.MODEL_CONCAT_BEHAVIORS)
        .containsEntry(DicmKeys.MODEL_SIMTIER_TIERS, "");
    assertThat(run(plan, "spring-joint-seed1").settings())
        .containsEntry(DicmKeys.MODEL_CONCAT_BEHAVIORS, "")
        .doesNotContainKey(DicmKeys.MODEL_SIMTIER_TIERS)
        .doesNotContainKey(DicmKeys.MODEL_SHARE_SUB_MODEL);
    assertThat(run(plan, "spring-baseline-seed1").settings())
        .containsEntry(DicmKeys.MODEL_SHARE_SUB_MODEL, "false");
  }

  @Test
  void aRunComesAfterThoseThatItNeeds() {
    AblationPlan plan = AblationPlan.of(Requests.of(TableName.usual(), 5L));

    Set<String> before = new HashSet<>();
    for (PlannedRun run : plan.runs()) {
      assertThat(before).as(run.name()).containsAll(run.after());
      before.add(run.name());
    }
    assertThat(run(plan, "spring-joint-partial-seed5").after())
        .containsExactlyInAnyOrder("spring", "spring-earlier-seed5");
    assertThat(run(plan, "spring-planted-seed5").after()).contains("spring-planted-signal");
    assertThat(run(plan, "spring-earlier-seed5").after()).containsExactly("spring-earlier");
  }

  @Test
  void variantsDifferInTheirSettingsAlone() {
    AblationPlan plan = AblationPlan.of(Requests.of(TableName.usual(), 5L));

    assertThat(run(plan, "spring-baseline-seed5").settings())
        .containsEntry(DicmKeys.TRAIN_IMAGES, "none")
        .containsEntry(DicmKeys.TRAIN_SEED, "5")
        .containsEntry(DicmKeys.TRAIN_IMAGE_CONTROL, "none")
        .containsEntry(DicmKeys.TRAIN_WARM_START, "")
        .containsEntry(DicmKeys.SAMPLES_RUN, "spring");
    assertThat(run(plan, "spring-behavior-seed5").settings())
        .containsEntry(DicmKeys.TRAIN_IMAGES, "behavior");
    assertThat(run(plan, "spring-max-seed5").settings())
        .containsEntry(DicmKeys.TRAIN_IMAGES, "joint")
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "max");
    assertThat(run(plan, "spring-shuffled-seed5").settings())
        .containsEntry(DicmKeys.TRAIN_IMAGE_CONTROL, "shuffled");
    assertThat(run(plan, "spring-planted-seed5").settings())
        .containsEntry(DicmKeys.TRAIN_IMAGE_CONTROL, "planted")
        .containsEntry(DicmKeys.TRAIN_PLANTED_SIGNAL, "/w/planted");
    assertThat(run(plan, "spring-item-mean").settings())
        .containsEntry(DicmKeys.PREDICT_BASELINE, "item-mean");
  }

  @Test
  void aConfiguredAggregatorIsThatOfVariantsWithSomethingToPool() {
    AblationPlan plan = AblationPlan.of(Requests.of(TableName.usual(), "sum", "", 5L));

    assertThat(run(plan, "spring-joint-seed5").settings())
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "sum");
    assertThat(run(plan, "spring-behavior-seed5").settings())
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "sum");
    assertThat(run(plan, "spring-multi-query-seed5").settings())
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "multi-query");
    assertThat(run(plan, "spring-baseline-seed5").settings())
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "");
    assertThat(run(plan, "spring-ad-seed5").settings())
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "");
  }

  @Test
  void towersAreComparedWithAggregatorsThatDoNotLookAtTheItem() {
    AblationPlan plan =
        AblationPlan.of(
            Requests.of(Set.of(TableName.AGGREGATORS), IdNetworkKind.TWO_TOWERS, "sum", "", 5L));

    assertThat(plan.runs().stream().map(PlannedRun::name))
        .contains("spring-concat-seed5", "spring-max-seed5", "spring-joint-seed5")
        .doesNotContain("spring-attentive-seed5", "spring-multi-query-seed5");
  }

  /** Predictors of a model that compares vectors would not see what a control did to them. */
  @Test
  void controlsCompareNoVectors() {
    AblationPlan plan = AblationPlan.of(Requests.of(TableName.usual(), "simtier", "", 5L));

    assertThat(run(plan, "spring-joint-seed5").settings())
        .containsEntry(DicmKeys.MODEL_AGGREGATOR, "simtier");
    for (String control : List.of("shuffled", "planted")) {
      assertThat(run(plan, "spring-" + control + "-seed5").settings())
          .containsEntry(DicmKeys.MODEL_AGGREGATOR, "multi-query");
    }
    assertThat(plan.tables().get(TableName.AGGREGATORS))
        .extracting(Variant::title)
        .contains("multi-query", "simtier");
  }

  @Test
  void noRunGoesOnFromAnEarlierDay() {
    assertThat(AblationPlan.of(Requests.of(TableName.usual(), 5L)).runs())
        .allSatisfy(
            run -> assertThat(run.settings()).containsEntry(DicmKeys.RUN_INCREMENTAL, "off"));
  }

  @Test
  void warmVariantsBeginWithAModelThatDoesNotKnowTheLastDayOfTraining() {
    AblationPlan plan = AblationPlan.of(Requests.of(Set.of(TableName.WARM_UP), 5L));

    assertThat(run(plan, "spring-earlier").settings())
        .containsEntry(DicmKeys.SAMPLES_SPLIT, "last-days:3");
    assertThat(run(plan, "spring-earlier-seed5").settings())
        .containsEntry(DicmKeys.SAMPLES_RUN, "spring-earlier")
        .containsEntry(DicmKeys.TRAIN_IMAGES, "joint");
    assertThat(run(plan, "spring-joint-full-seed5").settings())
        .containsEntry(DicmKeys.TRAIN_WARM_START, "spring-earlier-seed5")
        .containsEntry(DicmKeys.TRAIN_WARM_START_MODE, "full")
        .containsEntry(DicmKeys.SAMPLES_SPLIT, "last-days:2")
        .containsEntry(DicmKeys.SAMPLES_RUN, "spring");
    assertThat(run(plan, "spring-joint-partial-seed5").settings())
        .containsEntry(DicmKeys.TRAIN_WARM_START_MODE, "partial");
  }

  @Test
  void aGivenModelIsTakenInstead() {
    AblationPlan plan = AblationPlan.of(Requests.of(Set.of(TableName.WARM_UP), "yesterday", 5L));

    assertThat(plan.runs())
        .extracting(PlannedRun::name)
        .noneMatch(name -> name.contains("earlier"));
    assertThat(run(plan, "spring-joint-full-seed5").settings())
        .containsEntry(DicmKeys.TRAIN_WARM_START, "yesterday");
    assertThat(run(plan, "spring-joint-seed5").settings())
        .containsEntry(DicmKeys.TRAIN_WARM_START, "");
  }

  @Test
  void tablesWithoutWarmVariantsNeedNoEarlierModel() {
    AblationPlan plan =
        AblationPlan.of(Requests.of(Set.of(TableName.CONTROLS, TableName.COLD_START), 5L));

    assertThat(plan.runs())
        .extracting(PlannedRun::name)
        .noneMatch(name -> name.contains("earlier"));
  }

  private static PlannedRun run(AblationPlan plan, String name) {
    return plan.runs().stream().filter(run -> run.name().equals(name)).findFirst().orElseThrow();
  }
}
