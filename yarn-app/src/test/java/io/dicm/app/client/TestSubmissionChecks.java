package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.StoredManifests;
import io.dicm.app.plan.WithGpus;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.Resource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestSubmissionChecks {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private java.nio.file.Path input;

  @BeforeEach
  void makeInput() throws IOException {
    conf.addResource("dicm-default.xml");
    input = Files.createDirectories(folder.resolve("input"));
    Files.createDirectories(input.resolve("images"));
    Files.writeString(input.resolve("items.csv"), "item_id,image_id\n");
    Files.writeString(input.resolve("impressions.csv"), "user_id,item_id,ts,label\n");
    Files.writeString(
        input.resolve("features.json"),
        "{\"features\": [{\"name\": \"item_id\", \"side\": \"item\", \"kind\": \"id\"}]}");
  }

  @Test
  void completeInputPasses() {
    assertThatCode(() -> checks(StageName.all()).checkFiles()).doesNotThrowAnyException();
  }

  @Test
  void missingImagesMatterOnlyToExtraction() throws IOException {
    Files.delete(input.resolve("images"));

    assertFails(
        () -> checks(StageName.all()).checkFiles(),
        ErrorCode.INPUT_MISSING,
        "input/images is not there.");
    assertThatCode(() -> checks(List.of(StageName.SAMPLES)).checkFiles())
        .doesNotThrowAnyException();
  }

  @Test
  void missingTablesAreNamed() throws IOException {
    Files.delete(input.resolve("impressions.csv"));

    assertFails(
        () -> checks(List.of(StageName.SAMPLES)).checkFiles(),
        ErrorCode.INPUT_MISSING,
        "impressions.csv: there is no such file");
  }

  @Test
  void warmStartThatIsNotThereIsNamed() {
    conf.set("dicm.train.warm-start", "yesterday");

    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkFiles(),
        ErrorCode.INPUT_MISSING,
        "Cannot start from run 'yesterday' (dicm.train.warm-start)");
    assertThatCode(() -> checks(List.of(StageName.SAMPLES)).checkFiles())
        .doesNotThrowAnyException();
  }

  @Test
  void longVectorsCannotDoWithoutASubModel() {
    conf.set("dicm.model.sub-model", "none");

    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkFiles(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use dicm.model.sub-model=none: the image vectors have 4096 values, allowed without"
            + " a sub-model are at most 128. Choose auto or 256-64-12");
    assertThatCode(() -> checks(List.of(StageName.SAMPLES)).checkFiles())
        .doesNotThrowAnyException();
  }

  @Test
  void samplesOfEarlierVersionsAreRefusedWhereItemsAreDrawn() throws IOException {
    Files.writeString(
        input.resolve("features.json"),
        "{\"features\": [{\"name\": \"item_id\", \"side\": \"item\", \"kind\": \"id\","
            + " \"behavior\": true}]}");
    java.nio.file.Path samples = Files.createDirectories(folder.resolve("workspace/samples/run=a"));
    Files.createFile(samples.resolve("_SUCCESS"));
    conf.set("dicm.model.network", "dien");

    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkFiles(),
        ErrorCode.INPUT_MISSING,
        "they have no catalogue of items to draw from");
    assertThatCode(() -> checks(List.of(StageName.SAMPLES, StageName.TRAIN)).checkFiles())
        .as("made anew")
        .doesNotThrowAnyException();
    conf.set("dicm.model.auxiliary-weight", "0");
    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkFiles()).doesNotThrowAnyException();
    conf.set("dicm.model.auxiliary-weight", "");
    Files.createDirectory(samples.resolve("catalogue"));
    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkFiles()).doesNotThrowAnyException();
  }

  @Test
  void modelThatIsNotThereIsNamed() throws IOException {
    java.nio.file.Path model = input.resolve("model");
    conf.set("dicm.predict.model", model.toUri().toString());

    assertFails(
        () -> checks(List.of(StageName.PREDICT)).checkFiles(),
        ErrorCode.INPUT_MISSING,
        "Cannot predict with dicm.predict.model=" + model.toUri());
    Files.createDirectory(model);
    Files.createFile(model.resolve("_SUCCESS"));
    assertThatCode(() -> checks(List.of(StageName.PREDICT)).checkFiles())
        .doesNotThrowAnyException();
  }

  @Test
  void brokenFeaturesAreFound() throws IOException {
    Files.writeString(input.resolve("features.json"), "{\"features\": [");

    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkFiles(),
        ErrorCode.FEATURES_JSON_INVALID,
        "features.json");
  }

  @Test
  void largestContainerIsTheLimit() {
    SubmissionChecks checks = checks(StageName.all());

    assertThatCode(() -> checks.checkContainers(Resource.newInstance(2560, 1)))
        .doesNotThrowAnyException();
    assertFails(
        () -> checks.checkContainers(Resource.newInstance(2559, 1)),
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "dicm.extract.map-memory-mb asks for containers of 2560 MiB, the cluster's largest are 2559 MiB");
    conf.set("dicm.yarn.worker.vcores", "3");
    assertFails(
        () -> checks.checkContainers(Resource.newInstance(9999, 2)),
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "dicm.yarn.worker.vcores asks for containers of 3 vcores, the cluster's largest are 2 vcores");
  }

  @Test
  void gpusAreComparedWithBothNumbers() {
    conf.set("dicm.extract.gpus", "2");

    assertFails(
        () -> checks(List.of(StageName.EXTRACT)).checkContainers(Resource.newInstance(9999, 9)),
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "dicm.extract.gpus asks for containers of 2 GPUs (yarn.io/gpu), the cluster's largest are of 0.");
    assertThatCode(
            () -> checks(List.of(StageName.TRAIN)).checkContainers(Resource.newInstance(9999, 9)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "dicm.yarn.server.gpus,TRAIN",
    "dicm.yarn.worker.gpus,TRAIN",
    "dicm.yarn.predictor.gpus,PREDICT"
  })
  @ExtendWith(WithGpus.class)
  void gpusOfRolesAreComparedWithBothNumbers(String key, StageName stage) {
    conf.set(key, "3");

    assertFails(
        () -> checks(List.of(stage)).checkContainers(WithGpus.resource(9999, 9, 2)),
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "Cannot submit: "
            + key
            + " asks for containers of 3 GPUs (yarn.io/gpu), the cluster's largest are of 2.");
    assertThatCode(() -> checks(List.of(stage)).checkContainers(WithGpus.resource(9999, 9, 3)))
        .doesNotThrowAnyException();
    conf.set(key, "65");
    for (StageName any : List.of(stage, StageName.EVALUATE)) { // The master reads all of them.
      assertFails(() -> checks(List.of(any)).checkSettings(), ErrorCode.CONFIGURATION_INVALID, key);
    }
  }

  @Test
  void aGangThatCanNeverBeWholeIsRefusedAtOnce() {
    conf.set("dicm.train.servers", "3");
    conf.set("dicm.train.workers", "1");

    // Master 768, three servers and a worker of 1536 MiB.
    assertFails(
        () -> checks(StageName.all()).checkCapacity(new SmallCluster(2, 3455, 9)),
        ErrorCode.NO_RESOURCES,
        "training asks for 3 servers of 1536 MiB, 1 worker of 1536 MiB, 1 master of 768 MiB, 6912 MiB together, and the cluster's 2 nodes have 6910 MiB.");
    assertThatCode(() -> checks(StageName.all()).checkCapacity(new SmallCluster(2, 3456, 9)))
        .doesNotThrowAnyException();
    conf.set("dicm.yarn.check-capacity", "false");
    assertThatCode(() -> checks(StageName.all()).checkCapacity(new SmallCluster(1, 4096, 9)))
        .doesNotThrowAnyException();
  }

  @Test
  void unknownQueueIsNamed() {
    conf.set("dicm.yarn.queue", "fast");

    assertFails(
        () -> checks(StageName.all()).checkQueue(new SmallCluster(2, 9999, 9)),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot submit to queue 'fast' (dicm.yarn.queue): there is no such queue.");
  }

  @Test
  void vectorsThatNoServerWillLoadAreRefused() throws IOException {
    new StoredManifests(conf, new Workspace(new Path(folder.resolve("workspace").toUri())))
        .vectors("2026-06-30", 1_000);

    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkFiles(),
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "Cannot train with 2 servers of 1536 MiB: server 0 would hold 512000 images");
    conf.set("dicm.yarn.server.memory-mb", "32768");
    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkFiles()).doesNotThrowAnyException();
  }

  @Test
  void onlyContainersOfTheStagesCount() {
    assertThatCode(
            () ->
                checks(List.of(StageName.EVALUATE)).checkContainers(Resource.newInstance(1536, 1)))
        .doesNotThrowAnyException();
  }

  @Test
  void containersOfMapReduceCount() {
    conf.set("dicm.extract.reduce-memory-mb", "5000");
    assertFails(
        () -> checks(List.of(StageName.EXTRACT)).checkContainers(Resource.newInstance(4999, 1)),
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "dicm.extract.reduce-memory-mb asks for containers of 5000 MiB, the cluster's largest are 4999 MiB");
    conf.set("yarn.app.mapreduce.am.resource.mb", "3000");
    assertFails(
        () -> checks(List.of(StageName.SAMPLES)).checkContainers(Resource.newInstance(2999, 1)),
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "yarn.app.mapreduce.am.resource.mb asks for containers of 3000 MiB");
    conf.set("mapreduce.reduce.memory.mb", "4000");
    assertFails(
        () -> checks(List.of(StageName.EVALUATE)).checkContainers(Resource.newInstance(3999, 1)),
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "mapreduce.reduce.memory.mb asks for containers of 4000 MiB");
  }

  @Test
  void defaultsPass() {
    conf.set("dicm.hive.jdbc-url", "jdbc:hive2://127.0.0.1:1/");

    assertThatCode(() -> checks(StageName.all()).checkSettings()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "EXTRACT,  dicm.extract.reducers,             0",
    "EXTRACT,  dicm.extract.encoder,              vgg61",
    "EXTRACT,  dicm.extract.batch-size,           0",
    "EXTRACT,  dicm.extract.threads,              1025",
    "SAMPLES,  dicm.samples.split,                user-faction:0.8",
    "SAMPLES,  dicm.samples.max-behaviors,        many",
    "SAMPLES,  dicm.samples.train-from,           2026-13-01",
    "SAMPLES,  dicm.mapreduce.local-input-mb,     1025",
    "TRAIN,    dicm.train.epochs,                 0",
    "TRAIN,    dicm.train.images,                 all",
    "TRAIN,    dicm.train.image-control,          mixed",
    "TRAIN,    dicm.model.aggregator,             mean",
    "TRAIN,    dicm.model.concat-behaviors,       0",
    "TRAIN,    dicm.train.id-l1,                  -1",
    "TRAIN,    dicm.model.simtier-tiers,          1",
    "TRAIN,    dicm.model.simtier-tiers,          65",
    "TRAIN,    dicm.train.peer-vectors-mb,        -1",
    "TRAIN,    dicm.train.workers,                0",
    "TRAIN,    dicm.train.shuffle-buffer,         0",
    "TRAIN,    dicm.train.sample-order,           random",
    "TRAIN,    dicm.train.group-size,             0",
    "TRAIN,    dicm.train.learning-rate,          2",
    "TRAIN,    dicm.model.share-sub-model,        maybe",
    "TRAIN,    dicm.yarn.worker.vcores,           1025",
    "TRAIN,    dicm.train.checkpoint-steps,       -1",
    "TRAIN,    dicm.train.checkpoints-kept,       0",
    "TRAIN,    dicm.train.max-restarts,           -1",
    "TRAIN,    dicm.train.warm-start-mode,        some",
    "TRAIN,    dicm.run.incremental,              daily",
    "TRAIN,    dicm.samples.lease-samples,        0",
    "PREDICT,  dicm.samples.lease-samples,        many",
    "PREDICT,  dicm.train.batch-size,             0",
    "REGISTER, dicm.hive.database,                my-database",
    "EVALUATE, dicm.yarn.gang-timeout-seconds,    0",
    "EVALUATE, dicm.mapreduce.local-input-mb,     -1",
    "EVALUATE, dicm.yarn.accept-timeout-seconds,  soon"
  })
  void wrongValueIsFoundByTheStageThatReadsIt(StageName stage, String key, String value) {
    conf.set("dicm.hive.jdbc-url", "jdbc:hive2://127.0.0.1:1/");
    conf.set(key, value);

    assertFails(
        () -> checks(List.of(stage)).checkSettings(), ErrorCode.CONFIGURATION_INVALID, value);
  }

  /** Each is of something that the other one leaves out; the message names both. */
  @ParameterizedTest
  @CsvSource({
    "dicm.model.concat-behaviors, 20,   dicm.model.aggregator,   sum",
    "dicm.model.concat-behaviors, 20,   dicm.model.aggregator,   simtier",
    "dicm.model.simtier-tiers,    16,   dicm.model.aggregator,   multi-query",
    "dicm.model.simtier-tiers,    16,   dicm.model.aggregator,   concat",
    "dicm.model.share-sub-model,  true, dicm.train.images,       ad",
    "dicm.model.share-sub-model,  true, dicm.train.images,       behavior",
    "dicm.model.share-sub-model,  true, dicm.train.images,       none",
    "dicm.train.id-l1,            0.1,  dicm.train.id-optimizer, adagrad"
  })
  void optionsWithoutUseAreRefused(String key, String value, String other, String without) {
    conf.set(other, without);
    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkSettings())
        .doesNotThrowAnyException();

    conf.set(key, value);
    assertThatThrownBy(() -> checks(List.of(StageName.TRAIN)).checkSettings())
        .hasMessageContaining(key + "=" + value)
        .hasMessageContaining(other)
        .hasMessageContaining(without);
  }

  @ParameterizedTest
  @CsvSource({
    "dicm.model.concat-behaviors, 20,   dicm.model.aggregator,   concat",
    "dicm.model.simtier-tiers,    16,   dicm.model.aggregator,   multi-query-simtier",
    "dicm.model.share-sub-model,  true, dicm.train.images,       joint",
    "dicm.train.id-l1,            0.1,  dicm.train.id-optimizer, ftrl"
  })
  void optionsOfWhatIsChosenPass(String key, String value, String other, String choice) {
    conf.set(other, choice);
    conf.set(key, value);

    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkSettings())
        .doesNotThrowAnyException();
  }

  /** The message names both keys and what they say. */
  @ParameterizedTest
  @CsvSource({
    "EXTRACT, dicm.extract.device,        dicm.extract.gpus",
    "TRAIN,   dicm.yarn.server.device,    dicm.yarn.server.gpus",
    "TRAIN,   dicm.yarn.worker.device,    dicm.yarn.worker.gpus",
    "PREDICT, dicm.yarn.predictor.device, dicm.yarn.predictor.gpus"
  })
  void devicesAreCheckedAgainstTheGpusThatAreAskedFor(StageName stage, String key, String gpus) {
    conf.set(key, "cuda");
    assertFails(
        () -> checks(List.of(stage)).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use " + key + "=cuda with " + gpus + "=0: YARN is asked for no GPU.");

    conf.set(key, "cpu");
    conf.set(gpus, "1");
    assertFails(
        () -> checks(List.of(stage)).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use " + key + "=cpu with " + gpus + "=1: the GPU would be idle.");

    conf.set(key, "auto");
    assertThatCode(() -> checks(List.of(stage)).checkSettings()).doesNotThrowAnyException();
    conf.set(key, "gpu");
    assertFails(
        () -> checks(List.of(stage)).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use " + key + ": was 'gpu', allowed is one of auto, cpu, cuda.");
  }

  @Test
  void devicesOfStagesThatDoNotRunAreLeftAlone() {
    conf.set("dicm.yarn.worker.device", "cuda");
    conf.set("dicm.extract.device", "cuda");

    assertThatCode(() -> checks(List.of(StageName.PREDICT)).checkSettings())
        .doesNotThrowAnyException();
  }

  @Test
  void cudaNeedsABuildWithIt() {
    conf.set("dicm.yarn.worker.device", "cuda");
    conf.set("dicm.yarn.worker.gpus", "1");

    assertFails(
        () -> settings(List.of(StageName.TRAIN), false).check(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use dicm.yarn.worker.device=cuda with dicm.yarn.worker.gpus=1: this dicm.jar has no"
            + " libtorch for CUDA. Build it with Maven's profile gpu (-Pgpu)");
    assertThatCode(() -> settings(List.of(StageName.TRAIN), true).check())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"none", "ad"})
  void aPoolingOfNoPicturesIsRefused(String images) {
    conf.set("dicm.train.images", images);
    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkSettings())
        .doesNotThrowAnyException();

    conf.set("dicm.model.aggregator", "sum");
    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use dicm.model.aggregator=sum with dicm.train.images=" + images);
    conf.set("dicm.model.aggregator", "multi-query-simtier");
    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use dicm.model.aggregator=multi-query-simtier with dicm.train.images=" + images);
  }

  @ParameterizedTest
  @CsvSource({"simtier", "multi-query-simtier"})
  void aControlOfVectorsThatPredictorsCompareIsRefused(String aggregator) {
    conf.set("dicm.model.aggregator", aggregator);
    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkSettings())
        .doesNotThrowAnyException();

    conf.set("dicm.train.image-control", "shuffled");
    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use dicm.train.image-control=shuffled with dicm.model.aggregator="
            + aggregator
            + ": predictors compare the feature store's vectors, which a control is not in.");
  }

  @ParameterizedTest
  @CsvSource({"attentive", "multi-query"})
  void towersPoolWithoutLookingAtTheItem(String aggregator) {
    conf.set("dicm.model.network", "two-towers");
    for (String chosen : List.of("", "sum", "max", "concat")) {
      conf.set("dicm.model.aggregator", chosen);
      assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkSettings())
          .doesNotThrowAnyException();
    }

    conf.set("dicm.model.aggregator", aggregator);
    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use dicm.model.aggregator=" + aggregator + " with dicm.model.network=two-towers: ");
  }

  @Test
  void towersWithoutPoolingNeedNoAggregator() {
    conf.set("dicm.model.network", "two-towers");
    conf.set("dicm.train.images", "ad");

    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkSettings())
        .doesNotThrowAnyException();
  }

  /** The features have no user, and no pictures of behaviours are pooled. */
  @Test
  void eachTowerNeedsSomethingToRead() {
    conf.set("dicm.model.network", "two-towers");
    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkFiles()).doesNotThrowAnyException();

    conf.set("dicm.train.images", "ad");
    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkFiles(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use dicm.model.network=two-towers with dicm.train.images=ad: the tower of the user"
            + " has nothing to read.");
  }

  @Test
  void aControlOfNoPicturesIsRefused() {
    conf.set("dicm.train.images", "none");
    conf.set("dicm.train.image-control", "shuffled");

    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use dicm.train.image-control=shuffled with dicm.train.images=none");
  }

  @Test
  void plantingNeedsATable() throws IOException {
    conf.set("dicm.train.image-control", "planted");
    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkSettings(),
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use dicm.train.image-control=planted without dicm.train.planted-signal");

    java.nio.file.Path table = folder.resolve("signal");
    conf.set("dicm.train.planted-signal", table.toUri().toString());
    assertFails(
        () -> checks(List.of(StageName.TRAIN)).checkFiles(),
        ErrorCode.INPUT_MISSING,
        "signal is not there");
    Files.createDirectories(table);
    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkFiles()).doesNotThrowAnyException();
  }

  @Test
  void valuesOfOtherStagesDoNotMatter() {
    conf.set("dicm.train.epochs", "0");

    assertThatCode(() -> checks(List.of(StageName.EXTRACT, StageName.SAMPLES)).checkSettings())
        .doesNotThrowAnyException();
  }

  @Test
  void onlyACompleteRunIsRegistered() {
    conf.set("dicm.hive.jdbc-url", "jdbc:hive2://127.0.0.1:1/");

    assertFails(
        () -> checks(List.of(StageName.REGISTER)).checkFiles(),
        ErrorCode.INPUT_MISSING,
        "Cannot register run 'a' of 2026-07-01: partition features/dt=2026-07-01 is not complete");
    assertFails(
        () -> checks(List.of(StageName.EXTRACT, StageName.REGISTER)).checkFiles(),
        ErrorCode.INPUT_MISSING,
        "partition image_codes/dt=2026-07-01/run=a is not complete");
    assertThatCode(() -> checks(StageName.all()).checkFiles()).doesNotThrowAnyException();
  }

  @Test
  void hiveIsAskedOnlyToRegister() {
    conf.set("dicm.hive.jdbc-url", "jdbc:hive2://127.0.0.1:1/");

    assertThatCode(() -> checks(List.of(StageName.TRAIN)).checkHive()).doesNotThrowAnyException();
    assertFails(
        () -> checks(List.of(StageName.REGISTER)).checkHive(),
        ErrorCode.HIVE_FAILED,
        "jdbc:hive2://127.0.0.1:1/");
  }

  private void assertFails(ThrowingCallable work, ErrorCode code, String message) {
    assertThatThrownBy(work)
        .isInstanceOf(DicmException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  private SubmissionChecks checks(List<StageName> stages) {
    return new SubmissionChecks(DicmConfiguration.of(conf), run(stages));
  }

  private SettingsCheck settings(List<StageName> stages, boolean cudaBuild) {
    return new SettingsCheck(DicmConfiguration.of(conf), run(stages), cudaBuild);
  }

  private PipelineSettings run(List<StageName> stages) {
    return new PipelineSettings(
        "test",
        new Path(input.toUri()),
        new Workspace(new Path(folder.resolve("workspace").toUri())),
        "2026-07-01",
        "a",
        stages);
  }
}
