package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.submodel.SubModelShape;
import io.dicm.app.master.checkpoint.EarlierCheckpoint;
import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.StageState;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestIncrementalRun {
  private static final String TODAY = "2026-07-05";
  private static final String WARM_START = "dicm.train.warm-start";
  private static final String TRAIN_FROM = "dicm.samples.train-from";

  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private Workspace workspace;
  private Path input;

  @BeforeEach
  void makeInput() throws IOException {
    conf.addResource("dicm-default.xml");
    conf.set("dicm.run.incremental", "on");
    workspace = new Workspace(new Path(folder.resolve("workspace").toUri()));
    input = new Path(Files.createDirectories(folder.resolve("input")).toUri());
    writeFeatures("brand");
  }

  @Test
  void anOrdinaryRunStandsAlone() throws IOException {
    conf.set("dicm.run.incremental", "off");
    trained("2026-07-04", "d04", StageState.SUCCEEDED);

    assertThat(run("d05").prepare()).isEmpty();
    assertThat(conf.get(WARM_START, "")).isEmpty();
    assertThat(conf.get(TRAIN_FROM, "")).isEmpty();
  }

  @Test
  void theFirstDayBeginsWithInitialValues() throws IOException {
    trained(TODAY, "other", StageState.SUCCEEDED);
    trained("2026-07-06", "later", StageState.SUCCEEDED);
    trained("2026-07-04", "broken", StageState.FAILED);

    assertThat(run("d05").prepare().orElseThrow())
        .startsWith("No day before 2026-07-05 has a trained model in ")
        .endsWith(": training begins with initial values and goes over all days of the log.");
    assertThat(conf.get(WARM_START, "")).isEmpty();
    assertThat(conf.get(TRAIN_FROM, "")).isEmpty();
  }

  @Test
  void theFirstDayMayBeAnError() {
    conf.set("dicm.run.incremental", "required");

    assertFails(
        () -> run("d05").prepare(),
        ErrorCode.INPUT_MISSING,
        "no day before 2026-07-05 has a trained model in");
  }

  @Test
  void goesOnFromTheNewestEarlierDayWithTheDayAfterIt() throws IOException {
    trained("2026-07-02", "d02", StageState.SUCCEEDED);
    Path newest = trained("2026-07-04", "d04", StageState.SUCCEEDED);
    trained("2026-07-03", "d03", StageState.SUCCEEDED);

    String said = run("d05").prepare().orElseThrow();

    assertThat(said)
        .isEqualTo(
            "Training begins with run d04 of 2026-07-04 (partial: %s) and goes over the impressions from 2026-07-05 on."
                .formatted(newest));
    assertThat(conf.get(WARM_START)).isEqualTo(newest.toString());
    assertThat(conf.get(TRAIN_FROM)).isEqualTo(TODAY);
    assertThatCode(
            () -> new SubmissionChecks(DicmConfiguration.of(conf), settings("d05")).checkSettings())
        .doesNotThrowAnyException();
  }

  /** What is tested today is trained on tomorrow, and a day without a run is caught up. */
  @ParameterizedTest
  @CsvSource({
    "2026-07-04, user-fraction:0.8, 2026-07-05",
    "2026-07-04, last-days:1,       2026-07-04",
    "2026-07-02, user-fraction:0.8, 2026-07-03",
    "2026-07-02, last-days:2,       2026-07-01"
  })
  void trainsOnEachDayOnce(String lastDay, String split, String from) throws IOException {
    conf.set("dicm.samples.split", split);
    trained(lastDay, "before", StageState.SUCCEEDED);

    run("d05").prepare();

    assertThat(conf.get(TRAIN_FROM)).isEqualTo(from);
  }

  @Test
  void ofOneDayTheLastTrainedCounts() throws IOException {
    trained("2026-07-04", "b", StageState.SUCCEEDED, 1_000);
    Path last = trained("2026-07-04", "a", StageState.SUCCEEDED, 2_000);

    run("d05").prepare();

    assertThat(conf.get(WARM_START)).isEqualTo(last.toString());
  }

  /** A model that a gate has stopped, and one that was trained again after it was published. */
  @Test
  void goesOnFromPublishedModelsAloneWhenToldSo() throws IOException {
    conf.set("dicm.run.incremental-start", "published");
    Path published = trained("2026-07-01", "good", StageState.SUCCEEDED);
    publish("2026-07-01", "good", 2_000);
    trained("2026-07-02", "again", StageState.SUCCEEDED, 3_000);
    publish("2026-07-02", "again", 2_000);
    trained("2026-07-04", "stopped", StageState.SUCCEEDED);

    run("d05").prepare();

    assertThat(conf.get(WARM_START)).isEqualTo(published.toString());
    assertThat(conf.get(TRAIN_FROM)).isEqualTo("2026-07-02");
    assertFails(
        () -> run("stopped").prepare(),
        ErrorCode.CONFIGURATION_INVALID,
        "there is run 'stopped' of 2026-07-04");
    conf.set("dicm.run.incremental-start", "best");
    assertFails(
        () -> new SubmissionChecks(DicmConfiguration.of(conf), settings("d05")).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "dicm.run.incremental-start");
  }

  @Test
  void whatTheUserNamesWins() throws IOException {
    trained("2026-07-04", "d04", StageState.SUCCEEDED);
    conf.set(WARM_START, "d02");
    conf.set(TRAIN_FROM, "2026-07-03");

    assertThat(run("d05").prepare().orElseThrow())
        .isEqualTo(
            "Training begins with d02, as dicm.train.warm-start says, and goes over the impressions from 2026-07-03 on.");
    assertThat(conf.get(WARM_START)).isEqualTo("d02");
  }

  /** A model that forgets what it knew has to learn from more than one day. */
  @Test
  void modeNoneBeginsAnewWithAllDays() throws IOException {
    trained("2026-07-04", "d04", StageState.SUCCEEDED);
    conf.set("dicm.train.warm-start-mode", "none");

    assertThat(run("d05").prepare().orElseThrow())
        .isEqualTo(
            "Training begins with initial values, as dicm.train.warm-start-mode says, and goes over all days of the log.");
    assertThat(conf.get(WARM_START, "")).isEmpty();
    assertThat(conf.get(TRAIN_FROM, "")).isEmpty();

    conf.set(TRAIN_FROM, "2026-07-01");
    assertThat(run("d05").prepare().orElseThrow())
        .endsWith(" says, and goes over the impressions from 2026-07-01 on.");
  }

  @Test
  void otherModelsArePassedOver() throws IOException {
    Path fitting = trained("2026-07-02", "d02", StageState.SUCCEEDED);
    writeFeatures("colour");
    trained("2026-07-04", "experiment", StageState.SUCCEEDED);
    writeFeatures("brand");

    run("d05").prepare();

    assertThat(conf.get(WARM_START)).isEqualTo(fitting.toString());
    assertThat(conf.get(TRAIN_FROM)).isEqualTo("2026-07-03");
  }

  /** Ablations train worse models on purpose, some on vectors that know the test clicks. */
  @Test
  void modelsOfAblationsArePassedOver() throws IOException {
    Path daily = trained("2026-07-03", "shop", StageState.SUCCEEDED);
    trained("2026-07-04", "shop-planted-seed1", StageState.SUCCEEDED);
    Path records = workspace.ablationRuns("shop");
    for (String run : List.of("shop", "shop-planted-seed1")) {
      records.getFileSystem(conf).create(new Path(records, run + ".json")).close();
    }

    run("d05").prepare();

    assertThat(conf.get(WARM_START)).isEqualTo(daily.toString());
  }

  /** With another rule no day is left out; where the new one tests with more, some come twice. */
  @ParameterizedTest
  @CsvSource({
    "last-days:2,       last-days:1,       2026-07-03",
    "last-days:1,       last-days:2,       2026-07-03",
    "last-days:1,       user-fraction:0.8, 2026-07-04",
    "user-fraction:0.8, last-days:1,       2026-07-04",
    "user-fraction:0.8, user-fraction:0.5, 2026-07-05"
  })
  void whatTheEarlierRunTestedWithIsTrainedOn(String then, String now, String from)
      throws IOException {
    trained("2026-07-04", "d04", StageState.SUCCEEDED);
    describeModel("d04", "shared");
    new SampleManifest(
            SampleManifest.FORMAT_VERSION,
            "digest",
            then,
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
            new SplitTotals(1, 1, 1, 1),
            Map.of(),
            Map.of())
        .write(conf, workspace.samples("shared"));
    conf.set("dicm.samples.split", now);

    run("d05").prepare();

    assertThat(conf.get(TRAIN_FROM)).isEqualTo(from);
  }

  /** A series that silently began anew would lose what it has learned. */
  @Test
  void whenNoneFitsItIsAnError() throws IOException {
    trained("2026-07-04", "d04", StageState.SUCCEEDED);
    conf.set("dicm.train.images", "none");

    assertFails(
        () -> run("d05").prepare(),
        ErrorCode.SCHEMA_MISMATCH,
        "of 1 none fits, the newest is run 'd04' of 2026-07-04: Cannot start from");
    conf.set("dicm.train.images", "joint");
    workspace.checkpoints("d04").getFileSystem(conf).delete(workspace.checkpoints("d04"), true);
    assertFails(
        () -> run("d05").prepare(),
        ErrorCode.SCHEMA_MISMATCH,
        "there is no checkpoint of that day. Name a start with dicm.train.warm-start, or begin anew with dicm.train.warm-start-mode=none.");
  }

  @Test
  void aDaysRunHasANameOfItsOwn() throws IOException {
    trained("2026-07-04", "daily", StageState.SUCCEEDED);

    assertFails(
        () -> run("daily").prepare(),
        ErrorCode.CONFIGURATION_INVALID,
        "Name each day's run for itself, such as 'daily-2026-07-05'.");
  }

  @Test
  void aSeriesNeedsCheckpoints() {
    conf.set("dicm.train.checkpoint-steps", "0");

    assertFails(
        () -> new SubmissionChecks(DicmConfiguration.of(conf), settings("d05")).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot run with dicm.run.incremental and dicm.train.checkpoint-steps=0");
  }

  private void writeFeatures(String field) throws IOException {
    Files.writeString(
        folder.resolve("input/features.json"),
        """
        {"features": [{"name": "item_id", "side": "item", "kind": "id"},
                      {"name": "%s", "side": "item", "kind": "id"}]}
        """
            .formatted(field));
  }

  private void describeModel(String run, String samplesRun) throws IOException {
    FeatureSchema schema = FeatureSchema.read(conf, new InputLayout(input).features());
    ModelDescription.of(
            schema,
            new DicmNetwork(NetworkShape.of(schema.fields(), 4, ImageMode.JOINT)),
            SubModelShape.USUAL,
            "extractor",
            true,
            new ModelDescription.Training(
                1, 1, 1, 1, 1, 0.01, null, "adam", null, null, null, null, 0, null))
        .trainedOn(samplesRun)
        .write(conf, workspace.model(run));
  }

  private Path trained(String date, String run, StageState state) throws IOException {
    return trained(date, run, state, 1_000);
  }

  /** Leaves what a training leaves: the run's record and, if it was well, the last checkpoint. */
  private Path trained(String date, String run, StageState state, long atMs) throws IOException {
    RunHistory history =
        new RunHistory(
            "application_1_1",
            new PipelineSettings("t", input, workspace, date, run, List.of(StageName.TRAIN)),
            () -> atMs);
    history.started(StageName.TRAIN);
    history.ended(StageName.TRAIN, state, "");
    new RunFiles(conf).publish(history.snapshot(), workspace.runs(date, run));
    return EarlierCheckpoint.commit(
        conf,
        workspace,
        run,
        date,
        EncoderProviders.configured(conf).describe(conf).extractorId(),
        FeatureSchema.read(conf, new InputLayout(input).features()).digest());
  }

  /** Another application of the same run, whose record has the earlier one's stages, too. */
  private void publish(String date, String run, long atMs) throws IOException {
    RunHistory history =
        new RunHistory(
            "application_1_2",
            new PipelineSettings("t", input, workspace, date, run, List.of(StageName.PUBLISH)),
            () -> atMs);
    history.started(StageName.PUBLISH);
    history.ended(StageName.PUBLISH, StageState.SUCCEEDED, "");
    new RunFiles(conf).publish(history.snapshot(), workspace.runs(date, run));
  }

  private IncrementalRun run(String name) {
    return new IncrementalRun(conf, settings(name));
  }

  private PipelineSettings settings(String name) {
    return new PipelineSettings("test", input, workspace, TODAY, name, StageName.all());
  }

  private static void assertFails(ThrowingCallable work, ErrorCode code, String message) {
    assertThatThrownBy(work)
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }
}
