package io.dicm.app.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.client.IncrementalRun;
import io.dicm.app.master.checkpoint.EarlierCheckpoint;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.trainer.ablation.AblationExecutor;
import io.dicm.trainer.ablation.AblationPlan;
import io.dicm.trainer.ablation.AblationProgress;
import io.dicm.trainer.ablation.AblationRequest;
import io.dicm.trainer.ablation.PlannedRun;
import io.dicm.trainer.ablation.Protocol;
import io.dicm.trainer.ablation.SampleProtocol;
import io.dicm.trainer.ablation.TableName;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SplitTotals;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestApplicationAblationRunner {
  private static final String DATE = "2026-07-01";

  @TempDir private java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private final Cluster cluster = new Cluster();
  private AblationPlace place;
  private AblationPlan plan;

  /** Publishes what applications would. */
  private final class Cluster implements RunLauncher, PlantedSignalMaker {
    final List<PipelineSettings> applications = new ArrayList<>();
    final List<Configuration> configurations = new ArrayList<>();
    final List<String> made = new ArrayList<>();
    String failing = "";
    long testImpressions = 7;

    @Override
    public void run(Configuration application, PipelineSettings settings) throws IOException {
      if (settings.run().equals(failing)) {
        throw new DicmException(ErrorCode.TRAINING_DIVERGED, "Stage train: it is not finite.");
      }
      assertThat(recordOf(settings.run())).as("tells that the run is an ablation's").exists();
      applications.add(settings);
      configurations.add(application);
      made.add(settings.run());
      if (settings.runs(StageName.SAMPLES)) {
        manifest().write(conf, settings.workspace().samples(settings.run()));
      }
      if (settings.runs(StageName.TRAIN)) {
        mkdirs(settings.workspace().model(settings.run()));
      }
      if (settings.runs(StageName.EVALUATE)) {
        mkdirs(settings.workspace().metrics(settings.date(), settings.run()));
      }
    }

    @Override
    public void make(Configuration application, Path input, Path samples, Path target)
        throws IOException {
      assertThat(samples).isEqualTo(place.workspace().samples("spring"));
      made.add("planted");
      mkdirs(target);
    }

    private SampleManifest manifest() {
      return new SampleManifest(
          SampleManifest.FORMAT_VERSION,
          "digest",
          "last-days:1",
          30,
          14,
          "",
          0,
          1,
          0,
          1,
          "",
          "",
          "",
          new SplitTotals(1, 1, 1, 1),
          new SplitTotals(1, testImpressions, 1, 1),
          Map.of(),
          Map.of());
    }

    private void mkdirs(Path path) throws IOException {
      path.getFileSystem(conf).mkdirs(path);
    }
  }

  @BeforeEach
  void plan() {
    conf.addResource("dicm-default.xml");
    Path root = new Path(folder.toUri());
    place = new AblationPlace("spring", new Path(root, "in"), new Workspace(root), DATE, true);
    plan = plan(Set.of(TableName.WARM_UP), "multi-query", "");
  }

  private AblationPlan plan(Set<TableName> tables, String aggregator, String warmStart) {
    return AblationPlan.of(
        new AblationRequest(
            "spring",
            tables,
            List.of(1L),
            new SampleProtocol(Protocol.TIME, "last-days:1", 0, 1),
            aggregator,
            conf.get(DicmKeys.MODEL_NETWORK),
            EnumSet.allOf(IdNetworkKind.class),
            warmStart,
            place.plantedSignal().toString()));
  }

  @Test
  void eachRunIsAnApplicationWithItsStagesAndSettings() throws Exception {
    execute();

    assertThat(cluster.applications.get(0).stages())
        .containsExactly(StageName.EXTRACT, StageName.SAMPLES);
    assertThat(stages("spring-earlier")).containsExactly(StageName.SAMPLES);
    assertThat(stages("spring-earlier-seed1")).containsExactly(StageName.TRAIN);
    assertThat(stages("spring-joint-full-seed1"))
        .containsExactly(StageName.TRAIN, StageName.PREDICT, StageName.EVALUATE);
    assertThat(stages("spring-item-mean")).containsExactly(StageName.PREDICT, StageName.EVALUATE);
    Configuration full = configuration("spring-joint-full-seed1");
    assertThat(full.get(DicmKeys.TRAIN_WARM_START)).isEqualTo("spring-earlier-seed1");
    assertThat(full.get(DicmKeys.SAMPLES_RUN)).isEqualTo("spring");
    assertThat(full.get(DicmKeys.TRAIN_EPOCHS)).isEqualTo(conf.get(DicmKeys.TRAIN_EPOCHS));
    assertThat(conf.get(DicmKeys.TRAIN_WARM_START, "")).as("of the command").isEmpty();
  }

  @Test
  void theSecondCallRunsNothing() throws Exception {
    execute();
    cluster.made.clear();

    execute();

    assertThat(cluster.made).isEmpty();
  }

  @Test
  void theCallAfterAFailureGoesOnWithWhatIsNotDone() throws Exception {
    cluster.failing = "spring-joint-partial-seed1";
    assertThatThrownBy(this::execute).hasMessage("Stage train: it is not finite.");
    assertThat(cluster.made)
        .contains("spring-joint-seed1")
        .doesNotContain("spring-joint-full-seed1");
    cluster.failing = "";
    cluster.made.clear();

    execute();

    assertThat(cluster.made)
        .containsExactly(
            "spring-joint-partial-seed1",
            "spring-joint-full-seed1",
            "spring-shuffled-seed1",
            "spring-planted-seed1");
  }

  @Test
  void otherSettingsOfTheTrainingTrainAgainOnTheSameSamples() throws Exception {
    execute();
    cluster.made.clear();
    conf.set(DicmKeys.TRAIN_EPOCHS, "7");

    execute();

    assertThat(cluster.made)
        .contains("spring-joint-seed1", "spring-earlier-seed1")
        .doesNotContain("spring", "spring-earlier");
  }

  @Test
  void otherSettingsOfTheSamplesMakeAllAgain() throws Exception {
    execute();
    int all = cluster.made.size();
    cluster.made.clear();
    conf.set(DicmKeys.SAMPLES_MAX_BEHAVIORS, "5");

    execute();

    assertThat(cluster.made).hasSize(all);
  }

  @Test
  void anotherQueueChangesNothing() throws Exception {
    execute();
    cluster.made.clear();
    conf.set(DicmKeys.YARN_QUEUE, "night");
    conf.set(DicmKeys.YARN_WORKER_MEMORY_MB, "2048");
    conf.set(DicmKeys.EXTRACT_THREADS, "3");
    conf.set(DicmKeys.EXTRACT_MAP_MEMORY_MB, "9000");
    conf.set(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, "77");
    conf.set(DicmKeys.EXTRACT_MAX_CONCURRENT_MAPS, "7");
    conf.set(DicmKeys.SAMPLES_REDUCERS, "9");
    conf.set(DicmKeys.EVALUATE_REDUCERS, "9");

    execute();

    assertThat(cluster.made).isEmpty();
  }

  @Test
  void otherLeasesTrainAgainOnTheSameSamples() throws Exception {
    execute();
    cluster.made.clear();
    conf.set(DicmKeys.SAMPLES_LEASE_SAMPLES, "999");

    execute();

    assertThat(cluster.made).contains("spring-joint-seed1").doesNotContain("spring");
  }

  /** As a client that was killed hard leaves it, on a file system without renames. */
  @Test
  void aPartOfARecordIsNone() throws Exception {
    execute();
    cluster.made.clear();
    java.nio.file.Path record = recordOf("spring-joint-seed1");
    String whole = Files.readString(record);
    try (OutputStream out =
        place.workspace().root().getFileSystem(conf).create(new Path(record.toUri()), true)) {
      out.write(whole.substring(0, whole.length() / 2).getBytes(StandardCharsets.UTF_8));
    }

    execute();

    assertThat(cluster.made).containsExactly("spring-joint-seed1");
    assertThat(Files.readString(record)).isEqualTo(whole);
  }

  @Test
  void aGivenModelThatWasTrainedAnewMakesWarmVariantsOld() throws Exception {
    plan = plan(Set.of(TableName.WARM_UP), "multi-query", "yesterday");
    EarlierCheckpoint.commit(
        conf, place.workspace(), "yesterday", "2026-06-30", "extractor", "digest");
    execute();
    cluster.made.clear();
    execute();
    assertThat(cluster.made).as("the same checkpoint").isEmpty();

    Files.move(
        folder.resolve("checkpoints/run=yesterday/application_1_0001"),
        folder.resolve("checkpoints/run=yesterday/application_1_0002"));
    execute();

    assertThat(cluster.made)
        .containsExactly("spring-joint-partial-seed1", "spring-joint-full-seed1");
  }

  @Test
  void metricsThatAreGoneAreMadeAgain() throws Exception {
    execute();
    cluster.made.clear();
    FileSystem fs = place.metrics("spring-joint-seed1").getFileSystem(conf);
    fs.delete(place.metrics("spring-joint-seed1"), true);

    execute();

    assertThat(cluster.made).containsExactly("spring-joint-seed1");
  }

  @Test
  void samplesThatOthersMadeMeanwhileMakeTrainingsOld() throws Exception {
    execute();
    cluster.made.clear();
    cluster.testImpressions = 8;
    cluster.manifest().write(conf, place.workspace().samples("spring"));

    execute();

    assertThat(cluster.made)
        .contains("spring-joint-seed1", "spring-item-mean")
        .doesNotContain("spring");
  }

  @Test
  void wrongValuesAreSaidBeforeAnythingStarts() {
    conf.set(DicmKeys.TRAIN_BATCH_SIZE, "none");

    assertThatThrownBy(() -> runner().checkSettings())
        .isInstanceOf(DicmException.class)
        .hasMessageContaining(DicmKeys.TRAIN_BATCH_SIZE);
    assertThat(cluster.made).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"multi-query", "sum", "concat", "simtier"})
  void rightValuesPass(String aggregator) {
    plan = plan(EnumSet.allOf(TableName.class), aggregator, "");

    runner().checkSettings();
  }

  /** A training that has no use for them would be refused. */
  @Test
  void optionsOfOneVariantAreNotThoseOfOthers() {
    conf.set(DicmKeys.MODEL_CONCAT_BEHAVIORS, "20");
    conf.set(DicmKeys.MODEL_SHARE_SUB_MODEL, "true");
    conf.set(DicmKeys.TRAIN_ID_OPTIMIZER, "ftrl");
    conf.set(DicmKeys.TRAIN_ID_L1, "0.1");
    plan = plan(EnumSet.allOf(TableName.class), "multi-query", "");

    runner().checkSettings();
  }

  @Test
  void rightValuesPassWithTowersWhoseUsersSideDoesNotLookAtTheItem() {
    conf.set(DicmKeys.MODEL_NETWORK, "two-towers");
    plan = plan(TableName.usual(), "sum", "");

    runner().checkSettings();
  }

  @Test
  void noRunGoesOnFromAnEarlierDay() throws Exception {
    conf.set(DicmKeys.RUN_INCREMENTAL, "required");
    execute();

    for (int i = 0; i < cluster.applications.size(); i++) {
      assertThat(
              new IncrementalRun(cluster.configurations.get(i), cluster.applications.get(i))
                  .prepare())
          .as(cluster.applications.get(i).run())
          .isEmpty();
    }
  }

  @Test
  void importedVectorsAreNotExtracted() throws Exception {
    place = new AblationPlace("spring", place.input(), place.workspace(), DATE, false);
    execute();

    assertThat(stages("spring")).containsExactly(StageName.SAMPLES);
  }

  private void execute() throws Exception {
    AblationProgress progress =
        new AblationProgress() {
          @Override
          public void started(PlannedRun run) {}

          @Override
          public void skipped(PlannedRun run) {}

          @Override
          public void done(PlannedRun run) {}

          @Override
          public void failed(PlannedRun run, Throwable cause) {}
        };
    new AblationExecutor(runner(), progress, 1).run(plan.runs());
  }

  private java.nio.file.Path recordOf(String run) {
    return folder.resolve("ablations/name=spring/_runs/" + run + ".json");
  }

  private ApplicationAblationRunner runner() {
    return new ApplicationAblationRunner(conf, place, plan, cluster, cluster);
  }

  private List<StageName> stages(String run) {
    return cluster.applications.get(index(run)).stages();
  }

  private Configuration configuration(String run) {
    return cluster.configurations.get(index(run));
  }

  private int index(String run) {
    return cluster.applications.stream().map(PipelineSettings::run).toList().indexOf(run);
  }
}
