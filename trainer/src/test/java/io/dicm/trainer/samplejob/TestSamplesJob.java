package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.duplicate.DuplicateGroup;
import io.dicm.feature.duplicate.DuplicateResult;
import io.dicm.feature.duplicate.DuplicateSettings;
import io.dicm.feature.duplicate.NearDuplicate;
import io.dicm.feature.duplicate.NearDuplicateTable;
import io.dicm.trainer.DirectoryContents;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.sample.TableTotals;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestSamplesJob {
  private static final String HEADER = "user_id,item_id,ts,label,hour\n";

  private final Configuration conf = SampleTestInput.configuration();

  @TempDir private java.nio.file.Path directory;
  private SampleTestInput input;
  private Path target;

  @BeforeEach
  void setUp() throws IOException {
    input = new SampleTestInput(Files.createDirectory(directory.resolve("in")));
    target = new Path(directory.resolve("out/run=r").toUri());
  }

  @Test
  void joinsItemsAndEarlierClicksAndSplitsByUser() throws Exception {
    input.write(
        "impressions.csv",
        HEADER
            + "u,b,100,0,7\n"
            + "u,a,100,1,7\n"
            + "u,c,200,1,8\n"
            + "u,a,1970-01-01T00:05:00Z,0,9\n"
            + "u,b,400,1,\n"
            + "v,a,50,1,7\n");

    SampleManifest manifest = run();

    assertThat(manifest.train()).isEqualTo(new SplitTotals(3, 4, 2, 1 + 2));
    assertThat(manifest.test()).isEqualTo(new SplitTotals(2, 2, 2, 2));
    assertThat(manifest.rejects()).isEmpty();
    assertThat(SampleManifest.read(conf, target)).isEqualTo(manifest);
    assertThat(DirectoryPublisher.isComplete(conf, target)).isTrue();
    List<Sample> train = read("train");
    assertThat(train).extracting(Sample::timestampSeconds).containsExactly(100L, 200L, 300L);
    assertFirstMoment(train.get(0));
    assertThat(train.get(1).behaviors().imageKeys()).containsExactly(Fingerprints.imageKey("pa"));
    assertThat(train.get(2).behaviors().imageKeys())
        .containsExactly(Fingerprints.imageKey("pa"), Fingerprints.NONE);
    assertThat(train.get(2).behaviors().idKeys()[0])
        .containsExactly(Fingerprints.idKey("item_id", "a"), Fingerprints.idKey("item_id", "c"));
    assertThat(read("test")).extracting(Sample::userId).containsExactlyInAnyOrder("u", "v");
    ItemStatistics items = ItemStatistics.load(conf, target);
    assertThat(items.size()).isEqualTo(3);
    assertThat(items.trainExposures("a")).isEqualTo(2);
    assertThat(items.trainClicks("a")).isEqualTo(1);
    assertThat(items.ageDays("a", 50 + 86_400)).as("first seen in a test impression").isEqualTo(1);
    assertThat(items.ageDays("a", 49 + 86_400)).isZero();
    assertThat(items.trainExposures("unknown")).isZero();
  }

  @Test
  void catalogueHasTheClickedItemsWithPictures() throws Exception {
    input.write(
        "impressions.csv",
        HEADER + "u,c,100,1,7\nu,a,200,1,7\nu,a,210,1,7\nu,b,300,0,7\nu,b,400,1,7\n");
    SampleManifest unused = run();

    ItemCatalogue catalogue = ItemCatalogue.load(conf, target);
    assertThat(catalogue.size())
        .as("c has no picture, b is clicked in the test alone")
        .isEqualTo(1);
    assertThat(catalogue.item(0).keys()).containsExactly(Fingerprints.idKey("item_id", "a"));
    assertThat(catalogue.item(0).clicks()).isEqualTo(2);
  }

  @Test
  void catalogueHasAllClickedItemsWhereNoneHasAPicture() throws Exception {
    input.write("items.csv", "item_id,image_id,category\na,,x\nb,,y\nb,,y\n");
    input.write("impressions.csv", HEADER + "u,a,100,1,7\nu,b,200,1,7\nu,b,400,1,7\n");
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    SampleManifest unused = run();

    assertThat(catalogueKeys())
        .as("once each")
        .containsExactlyInAnyOrder(
            Fingerprints.idKey("item_id", "a"), Fingerprints.idKey("item_id", "b"));
  }

  @Test
  void largeCatalogueIsDrawn() throws Exception {
    StringBuilder items = new StringBuilder("item_id,image_id,category\n");
    StringBuilder log = new StringBuilder(HEADER);
    for (int i = 0; i < 40; i++) {
      items.append("i").append(i).append(",p").append(i).append(",x\n");
      log.append("u,i").append(i).append(',').append(100 + i).append(",1,7\n");
    }
    log.append("u,i0,1000,0,7\n");
    input.write("items.csv", items.toString());
    input.write("impressions.csv", log.toString());
    SampleManifest unused = run();
    SampleInput tables = SampleInput.check(conf, new InputLayout(input.path()));

    Set<List<Long>> drawn = new HashSet<>();
    for (long seed = 1; seed <= 20; seed++) {
      ItemCatalogue catalogue = new CatalogueReader(tables, 5).read(conf, target, seed);
      assertThat(catalogue.size()).isEqualTo(5);
      drawn.add(IntStream.range(0, 5).mapToObj(n -> catalogue.item(n).keys()[0]).toList());
    }
    assertThat(drawn).as("others by another seed").hasSizeGreaterThan(10);
  }

  private List<Long> catalogueKeys() throws IOException {
    ItemCatalogue catalogue = ItemCatalogue.load(conf, target);
    return IntStream.range(0, catalogue.size())
        .mapToObj(number -> catalogue.item(number).keys()[0])
        .toList();
  }

  @Test
  void samplesOfEarlierVersionsHaveNoCatalogue() {
    assertThatThrownBy(() -> ItemCatalogue.load(conf, target))
        .hasMessageContaining(target + ": they have no catalogue of items")
        .hasMessageEndingWith("make them anew with stage samples.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  @Test
  void samplesOfEarlierVersionsHaveNoStatisticsOfItems() {
    assertThatThrownBy(() -> ItemStatistics.load(conf, target))
        .hasMessageContaining(target + ": they have no statistics of their items")
        .hasMessageEndingWith("An earlier version made them: make the samples again.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  @Test
  void refusesStatisticsOfItemsWithoutAllColumns() throws Exception {
    Path file = new Path(target, ItemStatistics.DIRECTORY + "/part-00000.parquet");
    MessageType before =
        MessageTypeParser.parseMessageType(
            "message item { required binary item_id (STRING); required int64 train_exposures; }");
    try (ParquetTableWriter<String> out =
        new ParquetTableWriter<>(
            conf,
            file,
            before,
            (row, item) -> {
              RowFields.string(row, "item_id", 0, item);
              RowFields.int64(row, "train_exposures", 1, 1);
            })) {
      out.write("a");
    }

    assertThatThrownBy(() -> ItemStatistics.load(conf, target))
        .hasMessageContaining("part-00000.parquet have no column shown_exposures. An earlier")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  @Test
  void nearDuplicatesShareTheirRepresentativesKey() throws Exception {
    input.write("impressions.csv", HEADER + "u,a,100,1,7\nu,b,200,0,7\nu,a,300,0,7\n");
    long representative = Fingerprints.imageKey("of another day");
    DuplicateGroup group =
        new DuplicateGroup(
            List.of(
                new NearDuplicate("of another day", representative, 0, 1),
                new NearDuplicate("pa", Fingerprints.imageKey("pa"), 3, 0.99),
                new NearDuplicate("pb", Fingerprints.imageKey("pb"), 9, 0.95)));
    Path table = new Path(directory.resolve("duplicates").toUri());
    new NearDuplicateTable(conf, table)
        .publish(new DuplicateResult(4, 1, 1, List.of(group)), DuplicateSettings.of(8, 0.9));
    conf.set(DicmKeys.SAMPLES_SHARED_IMAGES, table.toString());

    SampleManifest manifest = run();

    assertThat(manifest.sharedImages()).isEqualTo(table.toString());
    List<Sample> samples = read("train");
    assertThat(samples.get(0).impressions().get(0).imageKey()).isEqualTo(representative);
    assertThat(samples.get(1).impressions().get(0).imageKey())
        .as("near another image of the group, not near the representative")
        .isEqualTo(Fingerprints.imageKey("pb"));
    assertThat(samples.get(1).behaviors().imageKeys()).containsExactly(representative);
  }

  @Test
  void refusesDamagedNearDuplicates() throws Exception {
    input.write("impressions.csv", HEADER + "u,a,100,1,7\n");
    java.nio.file.Path table = Files.createDirectory(directory.resolve("duplicates"));
    Files.writeString(table.resolve("part-00000.parquet"), "no Parquet");
    Files.createFile(table.resolve("_SUCCESS"));
    conf.set(DicmKeys.SAMPLES_SHARED_IMAGES, table.toString());

    assertThatThrownBy(() -> SharedImages.load(conf))
        .hasMessageContaining("Cannot read near-duplicates from")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STORE_CORRUPT);
  }

  @Test
  void refusesNearDuplicatesThatAreNotThere() throws Exception {
    input.write("impressions.csv", HEADER + "u,a,100,1,7\n");
    conf.set(DicmKeys.SAMPLES_SHARED_IMAGES, directory + "/nowhere");

    assertThatThrownBy(this::run)
        .hasMessageContaining("there is no table of near-duplicates in " + directory + "/nowhere")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  private static void assertFirstMoment(Sample sample) {
    assertThat(sample.userKeys()[0]).containsExactly(Fingerprints.idKey("user_id", "u"));
    assertThat(sample.behaviors().imageKeys()).isEmpty();
    assertThat(sample.impressions()).extracting(Impression::itemId).containsExactly("a", "b");
    Impression first = sample.impressions().get(0);
    assertThat(first.impressionId()).isEqualTo("u:a:100");
    assertThat(first.category()).isEqualTo("x");
    assertThat(first.label()).isEqualTo(1);
    assertThat(first.imageKey()).isEqualTo(Fingerprints.imageKey("pa"));
    assertThat(first.itemKeys()[1])
        .containsExactly(Fingerprints.idKey("category", "x"), Fingerprints.idKey("category", "y"));
    assertThat(first.contextKeys()[0]).containsExactly(Fingerprints.idKey("hour", "7"));
  }

  @Test
  void takesBehaviorsFromTheirOwnTableWhenThereIsOne() throws Exception {
    input.write("impressions.csv", HEADER + "u,b,100,1,7\nu,a,200,0,7\n");
    input.write("behaviors.csv", "ts,user_id,item_id\n100,u,c\n99,u,a\n150,w,a\n");
    run();

    assertThat(read("train"))
        .extracting(sample -> sample.behaviors().imageKeys())
        .containsExactly(new long[] {Fingerprints.imageKey("pa")});
    assertThat(read("test"))
        .extracting(sample -> sample.behaviors().imageKeys())
        .containsExactly(new long[] {Fingerprints.imageKey("pa"), Fingerprints.NONE});
  }

  @Test
  void splitsByTheLastDaysOfTheWholeLog() throws Exception {
    input.write(
        "impressions.csv",
        HEADER
            + "u,a,2024-05-01T23:59:59Z,1,7\n"
            + "u,a,2024-05-02T00:00:00Z,1,7\n"
            + "v,a,2024-05-03T12:00:00Z,1,7\n");
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:2");

    SampleManifest manifest = run();

    assertThat(manifest.train().impressions()).isEqualTo(1);
    assertThat(manifest.test().impressions()).isEqualTo(2);
  }

  /**
   * A row of the year 2100 that is left out all the same: every other one would be for training.
   */
  @Test
  void aBadRowDoesNotMoveTheLastDays() throws Exception {
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.9");
    input.write(
        "impressions.csv",
        HEADER
            + "u,a,2024-05-01T23:59:59Z,1,7\n"
            + "u,a,2024-05-02T00:00:00Z,1,7\n"
            + "u,nothing,2100-01-01T00:00:00Z,1,7\n"
            + "u,a,2100-01-01T00:00:00Z,maybe,7\n");
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:1");

    SampleManifest manifest = run();

    assertThat(manifest.train().impressions()).isEqualTo(1);
    assertThat(manifest.test().impressions()).isEqualTo(1);
  }

  @Test
  void countsAndListsBadRows() throws Exception {
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.9");
    input.write("items.csv", "item_id,image_id,category\na,pa,x\na,pb,y\n,pc,z\n");
    input.write(
        "impressions.csv",
        HEADER
            + "u,a,100,1,7\nu,zz,100,1,7\nu,a,soon,1,7\nu,a,100,2,7\n,a,100,1,7\nu,a,100\n"
            + "u,a,200,1,7\n");

    SampleManifest manifest = run();

    assertThat(manifest.tables())
        .containsOnly(
            Map.entry(
                "impressions.csv",
                new TableTotals(
                    7,
                    Map.of(
                        "unknown_item", 1L,
                        "bad_timestamp", 1L,
                        "bad_label", 1L,
                        "missing_value", 1L,
                        "wrong_field_count", 1L))),
            Map.entry(
                "items.csv", new TableTotals(3, Map.of("duplicate_id", 1L, "missing_value", 1L))));
    assertThat(manifest.rejects())
        .containsEntry("missing_value", 2L)
        .containsEntry("duplicate_id", 1L)
        .containsEntry("unknown_item", 1L);
    assertThat(SampleManifest.read(conf, target)).isEqualTo(manifest);
    assertThat(directory.resolve("out/run=r/rejects/impressions-m-00000.csv"))
        .content()
        .contains("impressions.csv byte 42,unknown_item,item 'zz' is not in items.csv");
    assertThat(directory.resolve("out/run=r/rejects/items-m-00000.csv"))
        .content()
        .contains("items.csv line 3,duplicate_id")
        .contains("items.csv line 4,missing_value");
  }

  @Test
  void failsAboveTheLimitOfBadRowsAndLeavesTheTargetAlone() throws Exception {
    input.write("impressions.csv", HEADER + "u,a,100,1,7\nu,zz,100,1,7\n");

    assertThatThrownBy(this::run)
        .hasMessageContaining("1 of 2 rows of impressions.csv were bad (unknown_item 1), allowed")
        .hasMessageContaining("dicm.input.max-bad-fraction")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED);

    assertThat(directory.resolve("out/run=r")).doesNotExist();
    assertThat(directory.resolve("out/_rejects-run=r/impressions-m-00000.csv")).exists();
  }

  @Test
  void failsAboveTheLimitOfBadItemsOrUsersHoweverGoodTheLogIs() throws Exception {
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.2");
    input.write("items.csv", "item_id,image_id,category\na,pa,x\nb,pb,y\na,pc,z\n");
    input.write("users.csv", "user_id\nu\nv\nu\n\"\"\n");
    input.write("impressions.csv", HEADER + "u,a,100,1,7\nu,b,200,1,7\nv,a,100,1,7\n");

    assertThatThrownBy(this::run)
        .hasMessageContaining(
            "1 of 3 rows of items.csv were bad (duplicate_id 1);"
                + " 2 of 4 rows of users.csv were bad (duplicate_id 1, missing_value 1), allowed")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED);

    assertThat(directory.resolve("out/_rejects-run=r/items-m-00000.csv"))
        .content()
        .contains("items.csv line 4,duplicate_id");
    assertThat(directory.resolve("out/_rejects-run=r/users-r-00000.csv"))
        .content()
        .contains("users.csv line 4,duplicate_id", "users.csv line 5,missing_value");
  }

  /** Of 40 items some are held out; each is shown and clicked by both users at all times. */
  @ParameterizedTest
  @ValueSource(strings = {"user-fraction:0.5", "last-days:1"})
  void trainingKnowsNothingOfHeldOutItems(String split) throws Exception {
    StringBuilder items = new StringBuilder("item_id,image_id,category\n");
    StringBuilder log = new StringBuilder(HEADER);
    for (int i = 0; i < 40; i++) {
      items.append("i").append(i).append(",p").append(i).append(",x\n");
      for (int time : new int[] {100 + i, 86_400 + i}) {
        log.append("u,i").append(i).append(",").append(time).append(",1,7\n");
        log.append("v,i").append(i).append(",").append(time).append(",1,7\n");
      }
    }
    input.write("items.csv", items.toString());
    input.write("impressions.csv", log.toString());
    conf.set(DicmKeys.SAMPLES_SPLIT, split);
    conf.set(DicmKeys.SAMPLES_ITEM_HOLDOUT_FRACTION, "0.3");

    SampleManifest manifest = run();

    TrainingFilter filter = TrainingFilter.of(SampleSettings.of(conf));
    Set<Long> heldOut =
        IntStream.range(0, 40)
            .mapToObj(i -> "i" + i)
            .filter(filter::isHeldOut)
            .map(item -> Fingerprints.idKey("item_id", item))
            .collect(Collectors.toSet());
    assertThat(heldOut).hasSizeBetween(5, 20);
    assertThat(itemKeys(read("train")))
        .hasSize(80 - 2 * heldOut.size())
        .noneMatch(heldOut::contains);
    assertThat(behaviorKeys(read("train"))).isNotEmpty().noneMatch(heldOut::contains);
    assertThat(itemKeys(read("test"))).hasSize(80).containsAll(heldOut);
    assertThat(behaviorKeys(read("test"))).containsAll(heldOut);
    assertThat(manifest.leftOut()).isEqualTo(Map.of("held_out_item", 2L * heldOut.size()));
    ItemStatistics statistics = ItemStatistics.load(conf, target);
    for (int i = 0; i < 40; i++) {
      int shown = filter.isHeldOut("i" + i) ? 0 : 2;
      assertThat(statistics.trainExposures("i" + i)).isEqualTo(shown);
      assertThat(statistics.shownExposures("i" + i)).isEqualTo(shown);
      assertThat(statistics.ageDays("i" + i, 2 * 86_400 + 100 + i))
          .as("from the first impression of the log, held out or not")
          .isEqualTo(2);
    }
    assertThat(catalogueKeys()).isNotEmpty().noneMatch(heldOut::contains);
    assertThat(directory.resolve("out/run=r/" + LeftOutItems.DIRECTORY)).doesNotExist();
    assertThat(manifest.itemHoldoutFraction()).isEqualTo(0.3);
    assertThat(SampleManifest.read(conf, target)).isEqualTo(manifest);
  }

  @Test
  void dropsTrainingImpressionsWithoutAClickByTheirHash() throws Exception {
    StringBuilder log = new StringBuilder(HEADER);
    for (int i = 0; i < 2000; i++) {
      log.append("u,a,").append(100 + i).append(i % 10 == 0 ? ",1,7\n" : ",0,7\n");
    }
    input.write("impressions.csv", log.toString());
    conf.set(DicmKeys.SAMPLES_NEGATIVE_KEEP_FRACTION, "0.25");

    SampleManifest manifest = run();

    assertThat(manifest.train().clicks()).as("all of them").isEqualTo(160);
    assertThat(manifest.train().impressions() - 160).isBetween(300L, 420L);
    assertThat(manifest.leftOut())
        .isEqualTo(Map.of("down_sampled_negative", 1600 - manifest.train().impressions()));
    assertThat(manifest.test().impressions()).isEqualTo(400);
    assertThat(manifest.negativeKeepFraction()).isEqualTo(0.25);
    ItemStatistics items = ItemStatistics.load(conf, target);
    assertThat(items.trainExposures("a")).isEqualTo(manifest.train().impressions());
    assertThat(items.trainClicks("a")).isEqualTo(160);
    assertThat(items.shownExposures("a")).as("dropped ones were shown too").isEqualTo(1600);
    assertThat(run().train()).as("the same again").isEqualTo(manifest.train());
    conf.set(DicmKeys.SAMPLES_SEED, "2");
    assertThat(run().train()).as("others by another seed").isNotEqualTo(manifest.train());
  }

  @Test
  void namesTheTableThatLacksDwellTimes() throws Exception {
    conf.set(DicmKeys.SAMPLES_MIN_DWELL_SECONDS, "5");
    input.write("impressions.csv", HEADER + "u,a,100,1,7\n");

    assertThatThrownBy(this::run)
        .hasMessageStartingWith(
            "Cannot apply dicm.samples.min-dwell-seconds, which was 5, to the clicks that are the behaviours: ")
        .hasMessageContaining(
            "impressions.csv: it has no column dwell_seconds; its columns are user_id,item_id,ts,label,hour.")
        .hasMessageEndingWith(" Add the column, or set 0.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);

    input.write("impressions.csv", "dwell_seconds," + HEADER + "9,u,a,100,1,7\n");
    input.write("behaviors.csv", "ts,user_id,item_id\n100,u,c\n");
    assertThatThrownBy(this::run)
        .hasMessageContaining("behaviors.csv: it has no column dwell_seconds");
  }

  /** A log with heavy users, bad rows, impressions that are left out, and a survey. */
  @Test
  void smallJobsInTheStagesOwnProcessMakeTheSameFiles() throws Exception {
    StringBuilder log = new StringBuilder(HEADER);
    for (int i = 0; i < 300; i++) {
      log.append(i % 3 == 0 ? "u," : "v" + i % 7 + ",").append(i % 2 == 0 ? "a," : "b,");
      log.append(100 + 1_000L * i).append(i % 5 == 0 ? ",1,7\n" : ",0,8\n");
    }
    input.write("impressions.csv", log + "u,nothing,100,1,7\n");
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.1");
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:1");
    conf.set(DicmKeys.SAMPLES_NEGATIVE_KEEP_FRACTION, "0.5");
    conf.set(DicmKeys.SAMPLES_MAX_USER_EVENTS, "20");
    conf.set(DicmKeys.SAMPLES_REDUCERS, "3");
    conf.set(DicmKeys.MAPREDUCE_LOCAL_INPUT_MB, "0");
    SampleManifest expected = run();
    conf.set(DicmKeys.MAPREDUCE_LOCAL_INPUT_MB, "16");
    conf.set("mapreduce.framework.name", "no-cluster-is-here");
    target = new Path(directory.resolve("out/run=small").toUri());

    assertThat(run()).isEqualTo(expected);

    assertThat(DirectoryContents.read(directory.resolve("out/run=small")))
        .isEqualTo(DirectoryContents.read(directory.resolve("out/run=r")))
        .containsKeys("train/part-00002.parquet", "rejects/impressions-m-00000.csv");
  }

  private static List<Long> itemKeys(List<Sample> samples) {
    return samples.stream()
        .flatMap(sample -> sample.impressions().stream())
        .map(impression -> impression.itemKeys()[0][0])
        .toList();
  }

  private static Set<Long> behaviorKeys(List<Sample> samples) {
    return samples.stream()
        .flatMapToLong(sample -> LongStream.of(sample.behaviors().idKeys()[0]))
        .boxed()
        .collect(Collectors.toSet());
  }

  /** The last day has rows, all of them bad: found here, not when nothing is scored. */
  @Test
  void namesASplitThatIsEmpty() throws IOException {
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:1");
    input.write(
        "impressions.csv",
        HEADER + "u,a,2024-05-01T00:00:00Z,1,7\nu,zz,2024-05-09T00:00:00Z,1,7\n");

    assertThatThrownBy(this::run)
        .hasMessageContaining("Cannot train: ")
        .hasMessageContaining("gave no impression for it, of 2 rows")
        .hasMessageContaining("under dicm.samples.split=last-days:1.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
    assertThat(directory.resolve("out/run=r")).doesNotExist();
  }

  @Test
  void namesTheMissingTable() {
    assertThatThrownBy(this::run)
        .hasMessageContaining("impressions.csv: there is no such file")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  @Test
  void namesTheMissingColumn() throws IOException {
    input.write("impressions.csv", "user_id,item_id,ts,label\nu,a,1,1\n");

    assertThatThrownBy(this::run)
        .hasMessageContaining("impressions.csv: it has no column hour")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  private SampleManifest run() throws IOException, InterruptedException {
    return new SamplesJob(conf).run(input.path(), target, ProgressListener.NONE);
  }

  private List<Sample> read(String split) throws IOException {
    FeatureSchema schema = FeatureSchema.read(conf, new Path(input.path(), "features.json"));
    List<Sample> samples = new ArrayList<>();
    try (SampleSource source =
        SampleFiles.sequential(conf, new Path(target, split), schema, 0, 1)) {
      for (Sample sample = source.next(); sample != null; sample = source.next()) {
        samples.add(sample);
      }
    }
    return samples;
  }
}
