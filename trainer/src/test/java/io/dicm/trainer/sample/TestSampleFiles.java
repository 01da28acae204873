package io.dicm.trainer.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestSampleFiles {
  private static final FeatureField ITEM_ID =
      new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true);
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              ITEM_ID,
              new FeatureField("hour", FeatureSide.CONTEXT, FeatureKind.ID, false, false),
              new FeatureField("category", FeatureSide.ITEM, FeatureKind.IDS, false, true)),
          "a test");

  private final Configuration conf = new Configuration(false);
  private final Random random = new Random(5);

  @TempDir private java.nio.file.Path folder;
  private Path directory;
  private long rowGroupBytes = 1 << 20;

  @BeforeEach
  void setUp() {
    directory = new Path(folder.toUri());
  }

  @Test
  void givesBackEveryValueWritten() throws IOException {
    List<Sample> written = write("part-0.parquet", SCHEMA, 0, 500);

    List<Sample> read = drain(SampleFiles.sequential(conf, directory, SCHEMA, 0, 1));

    assertThat(read).usingRecursiveComparison().isEqualTo(written);
  }

  @Test
  void readsSchemasWithoutUserContextOrBehaviorFields() throws IOException {
    FeatureSchema bare =
        FeatureSchema.of(
            List.of(new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, false, false)),
            "a test");
    List<Sample> written = write("part-0.parquet", bare, 0, 20);

    List<Sample> read = drain(SampleFiles.sequential(conf, directory, bare, 0, 1));

    assertThat(read).usingRecursiveComparison().isEqualTo(written);
  }

  @Test
  void sharesDifferByAtMostOneRowAndMissNone() throws IOException {
    write("part-0.parquet", SCHEMA, 0, 7);
    write("part-1.parquet", SCHEMA, 7, 94);
    List<String> users = new ArrayList<>();

    for (int worker = 0; worker < 3; worker++) {
      List<Sample> share = drain(SampleFiles.sequential(conf, directory, SCHEMA, worker, 3));
      assertThat(share.size()).isBetween(33, 34);
      share.forEach(sample -> users.add(sample.userId()));
    }

    assertThat(users).hasSize(101).doesNotHaveDuplicates();
  }

  @Test
  void readsPartsOfRowGroups() throws IOException {
    rowGroupBytes = 1;
    List<Sample> written = write("part-0.parquet", SCHEMA, 0, 500);
    List<Sample> read = new ArrayList<>();

    for (int worker = 0; worker < 7; worker++) {
      read.addAll(drain(SampleFiles.sequential(conf, directory, SCHEMA, worker, 7)));
    }

    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(new Path(directory, "part-0.parquet"), conf))) {
      assertThat(reader.getRowGroups()).hasSizeGreaterThan(2);
    }
    // As text: a recursive comparison of so many takes a hundred times as long.
    assertThat(read.stream().map(TestSampleFiles::text).toList())
        .isEqualTo(written.stream().map(TestSampleFiles::text).toList());
    assertThat(users(1L, 0, 0)).isNotEqualTo(users(1L, 1, 0)).hasSize(500);
  }

  @Test
  void ordersDifferByEpochAndAreEqualForEqualSeeds() throws IOException {
    write("part-0.parquet", SCHEMA, 0, 300);

    List<String> first = users(1L, 0, 1000);

    assertThat(users(1L, 0, 1000)).isEqualTo(first);
    assertThat(users(1L, 1, 1000)).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
    assertThat(users(2L, 0, 1000)).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
    assertThat(users(1L, 0, 10)).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
    assertThat(users(1L, 0, 0)).isSorted();
  }

  /** Rows read ahead, however many at a time, come in the order in which they would have. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 40, 1000})
  void readingAheadDoesNotChangeTheOrder(int atATime) throws IOException {
    write("part-0.parquet", SCHEMA, 0, 100);
    ShuffleOptions shuffle = ShuffleOptions.ofSamples(40, 1);
    List<String> found = new ArrayList<>();
    int left = 0;
    try (SampleSource source = SampleFiles.open(conf, directory, SCHEMA, 0, 1, 2, shuffle)) {
      for (int i = 0; i < 5; i++) {
        source.readAhead(atATime);
      }
      assertThat(source.isReadThrough()).as("the buffer is bounded").isFalse();
      for (Sample sample = source.next(); sample != null; sample = source.next()) {
        found.add(sample.userId());
        left += source.isReadThrough() ? 1 : 0;
        source.readAhead(atATime);
      }
    }
    assertThat(found).isEqualTo(users(1, 2, 40));
    assertThat(left).as("given out once all was in memory").isBetween(39, 41);
  }

  @ParameterizedTest
  @CsvSource({
    // group size, buffer, workers
    "8,    1000, 1",
    "8,    40,   1",
    "8,    40,   3",
    "1000, 1,    2",
    "1000, 1000, 1",
    "3,    0,    1",
  })
  void groupedOrderKeepsRunsOfUsersTogetherAndMissesNone(int groupSize, int buffer, int workers)
      throws IOException {
    rowGroupBytes = 1;
    List<String> written = writeUsers(60);
    List<String> read = new ArrayList<>();
    long runs = 0;

    for (int worker = 0; worker < workers; worker++) {
      List<Sample> share = grouped(groupSize, buffer, worker, workers, 0);
      assertThat(share.size()).isBetween(written.size() / workers, written.size() / workers + 1);
      share.forEach(sample -> read.add(moment(sample)));
      runs += runs(share);
    }

    assertThat(read).containsExactlyInAnyOrderElementsOf(written);
    assertThat(runs).isLessThanOrEqualTo(mostRuns(written, groupSize, workers));
  }

  /** A batch that is a few groups long sees far fewer users than one of single samples. */
  @Test
  void groupedBatchesHaveFewUsers() throws IOException {
    writeUsers(60);

    List<Sample> grouped = grouped(8, 1000, 0, 1, 0);
    List<Sample> shuffled = grouped(1, 1000, 0, 1, 0);

    assertThat(usersOf(grouped.subList(0, 64))).hasSizeBetween(8, 20);
    assertThat(usersOf(shuffled.subList(0, 64))).hasSizeGreaterThan(30);
  }

  @Test
  void groupedOrdersDifferByEpochAndSeedAndAreEqualForEqualOnes() throws IOException {
    writeUsers(60);

    List<Sample> first = grouped(8, 200, 0, 2, 0);

    assertThat(moments(grouped(8, 200, 0, 2, 0))).isEqualTo(moments(first));
    assertThat(moments(grouped(8, 200, 0, 2, 1)))
        .isNotEqualTo(moments(first))
        .containsExactlyInAnyOrderElementsOf(moments(first));
    assertThat(
            moments(
                drain(
                    SampleFiles.open(
                        conf, directory, SCHEMA, 0, 2, 0, new ShuffleOptions(8, 200, 6)))))
        .isNotEqualTo(moments(first))
        .containsExactlyInAnyOrderElementsOf(moments(first));
  }

  /** Samples of a group keep their order in time. */
  @Test
  void momentsOfAGroupAscend() throws IOException {
    writeUsers(60);
    List<Sample> samples = grouped(1000, 200, 0, 1, 3);

    for (int i = 1; i < samples.size(); i++) {
      if (samples.get(i).userId().equals(samples.get(i - 1).userId())) {
        assertThat(samples.get(i).timestampSeconds())
            .isGreaterThan(samples.get(i - 1).timestampSeconds());
      }
    }
  }

  /** A history of few items in which windows slide, shrink to nothing and grow again. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void storesAUsersBehavioursOnceAndGivesThemBackWithEverySample(int workers) throws IOException {
    List<Sample> written = new ArrayList<>();
    Path file = new Path(directory, "part-0.parquet");
    try (SampleWriter writer = new SampleWriter(conf, file, SCHEMA)) {
      for (int user = 0; user < 5; user++) {
        for (Sample sample : slidingSamples(user, 400)) {
          writer.write(sample);
          written.add(sample);
        }
      }
    }

    List<Sample> read = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      read.addAll(drain(SampleFiles.sequential(conf, directory, SCHEMA, worker, workers)));
    }

    assertThat(read.stream().map(TestSampleFiles::text).toList())
        .isEqualTo(written.stream().map(TestSampleFiles::text).toList());
    try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf))) {
      assertThat(reader.getRecordCount()).as("a row has at most 256 samples").isEqualTo(5 * 2);
      long references =
          written.stream().mapToLong(sample -> sample.behaviors().imageKeys().length).sum();
      long stored =
          reader.getRowGroups().get(0).getColumns().stream()
              .filter(column -> column.getPath().toDotString().equals("history.list.element"))
              .mapToLong(ColumnChunkMetaData::getValueCount)
              .sum();
      assertThat(references).isGreaterThan(5 * 400 * 5);
      assertThat(stored).isLessThan(5 * 400 * 2);
    }
  }

  /**
   * Items that many users are shown, clicked ones that nobody is shown, ones without a picture, and
   * some whose features change.
   */
  @ParameterizedTest
  @CsvSource({"1048576, 1", "1048576, 7", "1, 1", "1, 7"})
  void storesAnItemsFeaturesOnceARowGroup(long groupBytes, int workers) throws IOException {
    rowGroupBytes = groupBytes;
    List<Impression> catalogue = new ArrayList<>();
    for (int number = 0; number < 40; number++) {
      long[][] keys = {keys(number % 3), keys(number % 4)};
      long picture = number % 5 == 0 ? Fingerprints.NONE : random.nextLong();
      // Every other one is a second version of the item before.
      String itemId = "item-" + number / 2;
      catalogue.add(new Impression("", itemId, "shoes", 0, picture, keys, new long[0][]));
    }
    List<Sample> written = writeShown(catalogue, 300);
    List<Sample> read = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      read.addAll(drain(SampleFiles.sequential(conf, directory, SCHEMA, worker, workers)));
    }

    assertThat(read.stream().map(TestSampleFiles::text).toList())
        .isEqualTo(written.stream().map(TestSampleFiles::text).toList());
    assertThat(stored("user_id")).hasSizeBetween(groupBytes == 1 ? 3 : 1, groupBytes == 1 ? 30 : 1);
    // One more is clicked with a picture whose item has other keys. The first row brings all 41;
    // Parquet counts the empty list of each further one as a value.
    assertThat(stored("items.list.element.item_id"))
        .isEqualTo(stored("user_id").stream().map(rows -> 41 + rows - 1).toList());
  }

  /**
   * More items than are held at a time: numbers begin again within a row group, and what is shown
   * after that is stored once more.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void readsMoreItemsThanAreHeld(int workers) throws IOException {
    rowGroupBytes = 1 << 30;
    List<Impression> catalogue = new ArrayList<>();
    for (int number = 0; number < SampleRowWriter.MOST_ITEMS + 5000; number++) {
      long[][] keys = {{number}, {number % 7}};
      catalogue.add(new Impression("", "item-" + number, "shoes", 0, number, keys, new long[0][]));
    }
    int again = 2000;
    List<Sample> written = writeShown(catalogue, (catalogue.size() + again) / 20);

    List<Sample> read = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      read.addAll(drain(SampleFiles.sequential(conf, directory, SCHEMA, worker, workers)));
    }

    assertThat(stored("user_id")).hasSize(1);
    assertThat(newCounts()).isEqualTo(2);
    assertThat(read.stream().map(TestSampleFiles::text).toList())
        .isEqualTo(written.stream().map(TestSampleFiles::text).toList());
  }

  /**
   * Items that were clicked, and not shown, and have no picture have nothing to be told apart by.
   */
  @Test
  void numbersItemsThatHaveNothingButAnId() {
    ItemNumbers numbers = new ItemNumbers(new BehaviorKeys(SCHEMA));
    int items = 100_000;
    long[] ids = LongStream.rangeClosed(1, items).toArray();
    Behaviors clicks = new Behaviors(new long[items], new long[][] {ids});

    int[] first = numbers.of(clicks);

    assertThat(first).isEqualTo(IntStream.range(0, items).toArray());
    assertThat(numbers.takeAdded()).hasSize(items);
    assertThat(numbers.of(clicks)).isEqualTo(first);
    assertThat(numbers.takeAdded()).isEmpty();
  }

  /** Rows that begin a new count of items. */
  private int newCounts() throws IOException {
    int counts = 0;
    try (ParquetReader<Group> rows =
        ParquetReader.builder(new GroupReadSupport(), new Path(directory, "part-0.parquet"))
            .withConf(conf)
            .build()) {
      for (Group row = rows.read(); row != null; row = rows.read()) {
        counts += row.getInteger("items_before", 0) == 0 ? 1 : 0;
      }
    }
    return counts;
  }

  /**
   * Samples that show 20 of these each, one after the other from the beginning again, and whose
   * behaviours are clicks on these or on none of these.
   */
  private List<Sample> writeShown(List<Impression> catalogue, int count) throws IOException {
    List<Sample> samples = new ArrayList<>();
    int next = 0;
    try (SampleWriter writer =
        new SampleWriter(conf, new Path(directory, "part-0.parquet"), SCHEMA, rowGroupBytes)) {
      for (int i = 0; i < count; i++) {
        List<Impression> shown = new ArrayList<>();
        for (int place = 0; place < 20; place++) {
          Impression item = catalogue.get(next++ % catalogue.size());
          shown.add(
              new Impression(
                  "shown-" + next * 3L,
                  item.itemId(),
                  item.category(),
                  random.nextInt(2),
                  item.imageKey(),
                  item.itemKeys(),
                  new long[][] {{next % 24}}));
        }
        int user = i / 10;
        samples.add(
            new Sample(
                "user-%05d".formatted(user), i, new long[][] {{user}}, clicksOn(shown), shown));
        writer.write(samples.get(i));
      }
    }
    return samples;
  }

  /** Three clicks; the last one is on something of which nothing but the picture is known. */
  private static Behaviors clicksOn(List<Impression> shown) {
    long[] pictures = {shown.get(0).imageKey(), shown.get(7).imageKey(), shown.get(9).imageKey()};
    long[][] itemIds = {shown.get(0).itemKeys()[0], shown.get(7).itemKeys()[0], {}};
    long[] ids =
        Arrays.stream(itemIds)
            .mapToLong(values -> values.length == 0 ? Fingerprints.NONE : values[0])
            .toArray();
    return new Behaviors(pictures, new long[][] {ids});
  }

  /** Values of a column in each row group. */
  private List<Long> stored(String column) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(new Path(directory, "part-0.parquet"), conf))) {
      return reader.getRowGroups().stream()
          .flatMap(group -> group.getColumns().stream())
          .filter(chunk -> chunk.getPath().toDotString().equals(column))
          .map(ColumnChunkMetaData::getValueCount)
          .toList();
    }
  }

  /** All of a sample; a recursive comparison of thousands takes minutes. */
  private static String text(Sample sample) {
    StringBuilder text = new StringBuilder(moment(sample));
    text.append(Arrays.deepToString(sample.userKeys()));
    text.append(Arrays.toString(sample.behaviors().imageKeys()));
    text.append(Arrays.deepToString(sample.behaviors().idKeys()));
    for (Impression shown : sample.impressions()) {
      text.append(List.of(shown.impressionId(), shown.itemId(), shown.category(), shown.label()));
      text.append(shown.imageKey()).append(Arrays.deepToString(shown.itemKeys()));
      text.append(Arrays.deepToString(shown.contextKeys()));
    }
    return text.toString();
  }

  private List<Sample> slidingSamples(int user, int count) {
    List<Long> clicks = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    int from = 0;
    for (int moment = 0; moment < count; moment++) {
      if (random.nextInt(20) == 0) {
        from = clicks.size();
      }
      from = Math.max(from, clicks.size() - 30);
      long[] window =
          clicks.subList(from, clicks.size()).stream().mapToLong(Long::longValue).toArray();
      Sample shape = ofUser(user, sample(SCHEMA, "user-%05d".formatted(user), moment));
      long[][] ids = {window, Arrays.stream(window).map(key -> -key).toArray()};
      samples.add(
          new Sample(
              shape.userId(),
              moment,
              shape.userKeys(),
              new Behaviors(window, Arrays.copyOf(ids, SCHEMA.behaviorFields().size())),
              shape.impressions()));
      for (int arrivals = random.nextInt(3); arrivals > 0; arrivals--) {
        clicks.add((long) random.nextInt(1, 4));
      }
    }
    return samples;
  }

  /** Files of the first format, a row a moment, said nothing of a format. */
  @Test
  void refusesSamplesOfAnotherFormat() throws IOException {
    Path file = new Path(directory, "part-0.parquet");
    MessageType type =
        Types.buildMessage().required(PrimitiveTypeName.INT64).named("ts").named("sample");
    new ParquetTableWriter<Long>(
            conf,
            file,
            type,
            (out, row) -> RowFields.int64(out, "ts", 0, row),
            Map.of(SampleFormat.SCHEMA_DIGEST, SCHEMA.digest()),
            builder -> builder)
        .close();

    assertThatThrownBy(() -> SampleFiles.sequential(conf, directory, SCHEMA, 0, 1))
        .hasMessageContaining("part-0.parquet: it has samples of format 1, known is 3. Make the")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  @Test
  void refusesAManifestOfAnotherFormat() throws IOException {
    Files.writeString(
        folder.resolve("_manifest.json"), "{\"schemaDigest\": \"x\", \"tables\": {}}");

    assertThatThrownBy(() -> SampleManifest.read(conf, directory))
        .hasMessageContaining(
            "made by another version of DICM, known is format 3. Make the samples")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  /** Manifests were written before they told of days. */
  @Test
  void aManifestThatNamesNoDaysHasNone() throws IOException {
    Files.writeString(
        folder.resolve("_manifest.json"),
        "{\"formatVersion\": 3, \"schemaDigest\": \"x\", \"tables\": {}}");

    SampleManifest manifest = SampleManifest.read(conf, directory);

    assertThat(manifest.trainFrom()).isEmpty();
    assertThat(manifest.inputFromDate()).isEmpty();
    assertThat(manifest.inputToDate()).isEmpty();
  }

  @Test
  void refusesSamplesOfOtherFeatures() throws IOException {
    write("part-0.parquet", SCHEMA, 0, 3);
    FeatureSchema other = FeatureSchema.of(List.of(ITEM_ID), "a test");

    assertThatThrownBy(() -> SampleFiles.sequential(conf, directory, other, 0, 1))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("part-0.parquet")
        .hasMessageContaining(SCHEMA.digest())
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
  }

  @Test
  void saysWhichDirectoryIsMissing() {
    Path missing = new Path(directory, "train");

    assertThatThrownBy(() -> SampleFiles.sequential(conf, missing, SCHEMA, 0, 1))
        .hasMessageContaining("there is no directory " + missing);
  }

  private List<String> users(long seed, int epoch, int buffer) throws IOException {
    ShuffleOptions shuffle = ShuffleOptions.ofSamples(buffer, seed);
    return drain(SampleFiles.open(conf, directory, SCHEMA, 0, 1, epoch, shuffle)).stream()
        .map(Sample::userId)
        .toList();
  }

  private List<Sample> grouped(int groupSize, int buffer, int worker, int workers, int epoch)
      throws IOException {
    ShuffleOptions shuffle = new ShuffleOptions(groupSize, buffer, 5);
    return drain(SampleFiles.open(conf, directory, SCHEMA, worker, workers, epoch, shuffle));
  }

  /** Two files in which each user has 1 to 30 moments in order; their names. */
  private List<String> writeUsers(int users) throws IOException {
    List<String> moments = new ArrayList<>();
    for (int file = 0; file < 2; file++) {
      try (SampleWriter writer =
          new SampleWriter(
              conf, new Path(directory, "part-" + file + ".parquet"), SCHEMA, rowGroupBytes)) {
        for (int user = file; user < users; user += 2) {
          int count = 1 + random.nextInt(30);
          for (int moment = 0; moment < count; moment++) {
            Sample sample = ofUser(user, sample(SCHEMA, "user-%05d".formatted(user), moment));
            writer.write(sample);
            moments.add(moment(sample));
          }
        }
      }
    }
    return moments;
  }

  /**
   * Runs if no two of a user met, and each cut between shares added one; row groups cut no user.
   */
  private static long mostRuns(List<String> moments, int groupSize, int workers) {
    Map<String, Long> counts =
        moments.stream()
            .collect(
                Collectors.groupingBy(
                    moment -> moment.substring(0, moment.indexOf('@')), Collectors.counting()));
    long whole =
        counts.values().stream().mapToLong(count -> (count + groupSize - 1) / groupSize).sum();
    return whole + workers;
  }

  /** The sample with features that are the same for all samples of the user. */
  private static Sample ofUser(int user, Sample sample) {
    return new Sample(
        sample.userId(),
        sample.timestampSeconds(),
        new long[][] {{user}},
        sample.behaviors(),
        sample.impressions());
  }

  private static int runs(List<Sample> samples) {
    int runs = 0;
    for (int i = 0; i < samples.size(); i++) {
      Sample before = i == 0 ? null : samples.get(i - 1);
      boolean continued =
          before != null
              && before.userId().equals(samples.get(i).userId())
              && before.timestampSeconds() + 1 == samples.get(i).timestampSeconds();
      runs += continued ? 0 : 1;
    }
    return runs;
  }

  private static String moment(Sample sample) {
    return sample.userId() + "@" + sample.timestampSeconds();
  }

  private static List<String> moments(List<Sample> samples) {
    return samples.stream().map(TestSampleFiles::moment).toList();
  }

  private static Set<String> usersOf(List<Sample> samples) {
    return samples.stream().map(Sample::userId).collect(Collectors.toSet());
  }

  private List<Sample> write(String name, FeatureSchema schema, int from, int count)
      throws IOException {
    List<Sample> samples = new ArrayList<>();
    try (SampleWriter writer =
        new SampleWriter(conf, new Path(directory, name), schema, rowGroupBytes)) {
      for (int i = from; i < from + count; i++) {
        Sample sample = sample(schema, "user-%05d".formatted(i));
        writer.write(sample);
        samples.add(sample);
      }
    }
    return samples;
  }

  private Sample sample(FeatureSchema schema, String user) {
    return sample(schema, user, random.nextInt());
  }

  private Sample sample(FeatureSchema schema, String user, long timestampSeconds) {
    int behaviors = random.nextInt(4);
    long[][] behaviorKeys = new long[schema.behaviorFields().size()][];
    for (int i = 0; i < behaviorKeys.length; i++) {
      behaviorKeys[i] = keys(behaviors);
    }
    List<Impression> impressions = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      impressions.add(
          new Impression(
              user + "-" + i,
              "item-" + i,
              i == 0 ? "" : "shoes",
              random.nextInt(2),
              random.nextLong(),
              lists(schema.itemFields().size()),
              lists(schema.contextFields().size())));
    }
    return new Sample(
        user,
        timestampSeconds,
        lists(schema.userFields().size()),
        new Behaviors(keys(behaviors), behaviorKeys),
        impressions);
  }

  private long[][] lists(int fields) {
    long[][] lists = new long[fields][];
    for (int i = 0; i < fields; i++) {
      lists[i] = keys(random.nextInt(4));
    }
    return lists;
  }

  private long[] keys(int count) {
    return random.longs(count).toArray();
  }

  private static List<Sample> drain(SampleSource source) throws IOException {
    List<Sample> samples = new ArrayList<>();
    try (source) {
      for (Sample sample = source.next(); sample != null; sample = source.next()) {
        samples.add(sample);
      }
    }
    return samples;
  }
}
