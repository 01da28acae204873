package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.ParquetTestTable;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.vocabulary.FieldStatistics;
import io.dicm.trainer.vocabulary.VocabularyStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same rows give the same samples, whatever the tables' format. */
class TestSampleSources {
  private static final String FEATURES =
      """
      {"features": [
        {"name": "user_id",  "side": "user", "kind": "id"},
        {"name": "city",     "side": "user", "kind": "id", "hash_space": 10},
        {"name": "item_id",  "side": "item", "kind": "id", "behavior": true, "query": true},
        {"name": "category", "side": "item", "kind": "ids"},
        {"name": "price",    "side": "item", "kind": "number", "buckets": [10, 20]},
        {"name": "dt",       "side": "context", "kind": "id"}]}
      """;

  private final Configuration conf = SampleTestInput.configuration();

  @TempDir private java.nio.file.Path directory;
  private java.nio.file.Path input;
  private int runs;

  @BeforeEach
  void setUp() throws IOException {
    input = Files.createDirectory(directory.resolve("in"));
    Files.writeString(input.resolve("features.json"), FEATURES);
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:1");
  }

  @Test
  void partitionedParquetGivesTheSamplesOfCsv() throws Exception {
    writeCsv();
    List<String> csv = samples(run());
    for (String table : List.of("items", "users", "impressions", "behaviors")) {
      Files.delete(input.resolve(table + ".csv"));
    }
    writeParquet();

    Path parquet = run();

    assertThat(csv).hasSize(6);
    assertThat(samples(parquet)).isEqualTo(csv);
    assertThat(SampleManifest.read(conf, parquet).tables().keySet())
        .containsExactlyInAnyOrder("items.parquet", "users", "impressions", "behaviors.parquet");
  }

  /** A piece that does not begin with the header still knows the columns; no row comes twice. */
  @Test
  void smallPiecesOfFilesGiveTheSameSamples() throws Exception {
    writeCsv();
    List<String> csv = samples(run());
    conf.set("mapreduce.input.fileinputformat.split.maxsize", "50");

    Path target = run();

    assertThat(samples(target)).isEqualTo(csv);
    assertThat(SampleManifest.read(conf, target).rows("impressions.csv")).isEqualTo(6);
    assertThat(VocabularyStatistics.read(conf, target).field("dt").orElseThrow().rows())
        .isEqualTo(6);
  }

  /** Every moment of a user is a segment, of which CSV and Parquet tell alike. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void usersThatAreCutGiveTheSameSamples(boolean parquet) throws Exception {
    writeCsv();
    List<String> whole = samples(run());
    if (parquet) {
      for (String table : List.of("items", "users", "impressions", "behaviors")) {
        Files.delete(input.resolve(table + ".csv"));
      }
      writeParquet();
    }
    conf.set(DicmKeys.SAMPLES_MAX_USER_EVENTS, "1");

    assertThat(samples(run())).isEqualTo(whole);
    HeavyUsers users = heavyUsers();
    assertThat(users.segments("u")).isEqualTo(6);
    assertThat(users.segments("v")).isEqualTo(3);
  }

  @Test
  void refusesOneFileAsTwoTablesAndPathsThatAJobCannotTake() throws Exception {
    writeCsv();
    conf.set(DicmKeys.INPUT_BEHAVIORS, input.resolve("impressions.csv").toUri().toString());
    assertThatThrownBy(this::run)
        .hasMessageContaining("impressions.csv as behaviors: it is the table of impressions");

    Files.move(input.resolve("behaviors.csv"), input.resolve("a,b.csv"));
    conf.set(DicmKeys.INPUT_BEHAVIORS, input.resolve("a,b.csv").toUri().toString());
    assertThatThrownBy(this::run).hasMessageContaining("a,b.csv has a comma or a semicolon");
  }

  @Test
  void readsOnlyTheDaysThatAreAskedFor() throws Exception {
    writeParquet();
    conf.set(DicmKeys.INPUT_TO_DATE, "2024-05-02");

    SampleManifest manifest = SampleManifest.read(conf, run());

    assertThat(manifest.rows("impressions")).isEqualTo(4);
    assertThat(manifest.train().impressions() + manifest.test().impressions()).isEqualTo(4);
  }

  @Test
  void readsCsvFilesWithColumnsInDifferentOrders() throws Exception {
    writeCsv();
    List<String> whole = samples(run());
    List<String> lines = Files.readAllLines(input.resolve("impressions.csv"));
    Files.delete(input.resolve("impressions.csv"));
    java.nio.file.Path table = Files.createDirectory(input.resolve("impressions"));
    Files.write(table.resolve("1.csv"), lines.subList(0, 4));
    StringBuilder turned = new StringBuilder("dt,label,ts,item_id,user_id\n");
    for (String line : lines.subList(4, lines.size())) {
      List<String> fields = Arrays.asList(line.split(",", -1));
      Collections.reverse(fields);
      turned.append(String.join(",", fields)).append('\n');
    }
    Files.writeString(table.resolve("2.csv"), turned);

    assertThat(samples(run())).isEqualTo(whole);
  }

  @Test
  void countsTheVocabularyOfAllTables() throws Exception {
    writeCsv();

    VocabularyStatistics statistics = VocabularyStatistics.read(conf, run());

    assertThat(statistics.fields())
        .extracting(FieldStatistics::field)
        .containsExactly("user_id", "city", "item_id", "category", "price", "dt");
    assertThat(statistics.fields())
        .extracting(FieldStatistics::table)
        .containsExactly(
            "users.csv", "users.csv", "items.csv", "items.csv", "items.csv", "impressions.csv");
    FieldStatistics category = statistics.field("category").orElseThrow();
    assertThat(category.rows()).isEqualTo(3);
    assertThat(category.rowsWithValue()).isEqualTo(2);
    assertThat(category.distinct()).isEqualTo(2);
    assertThat(statistics.field("dt").orElseThrow().rows()).isEqualTo(6);
    assertThat(statistics.field("dt").orElseThrow().distinct()).isEqualTo(3);
    assertThat(statistics.field("price").orElseThrow().quantiles()).hasSize(21).startsWith(5.0);
    assertThat(statistics.field("city").orElseThrow().hashSpace()).isEqualTo(10);
    assertThat(directory.resolve("out/run=0/_field_counts")).doesNotExist();
  }

  @Test
  void badRowsOfParquetAreNamedByFileAndRow() throws Exception {
    writeParquet();
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.5");
    java.nio.file.Path file = input.resolve("impressions/dt=2024-05-03/g.parquet");
    try (ParquetTestTable table = impressions(file)) {
      table.row(row -> impression(row, "u", "a", 1_714_700_000L, true));
      table.row(row -> impression(row, "u", "nothing", 1_714_700_000L, true));
    }

    SampleManifest manifest = SampleManifest.read(conf, run());

    assertThat(manifest.tables().get("impressions").rejects())
        .isEqualTo(Map.of("unknown_item", 1L));
    List<java.nio.file.Path> rejects;
    try (var files = Files.list(directory.resolve("out/run=0/rejects"))) {
      rejects = files.filter(path -> path.toString().endsWith(".csv")).toList();
    }
    assertThat(rejects).hasSize(1);
    assertThat(rejects.get(0))
        .content()
        .contains(file + " row 1,unknown_item,item 'nothing' is not in items.parquet");
  }

  @Test
  void aNumberThatIsNoneMakesItsItemABadRow() throws Exception {
    writeCsv();
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "0.9");
    Files.writeString(
        input.resolve("items.csv"),
        "item_id,image_id,category,price\na,pa,x,cheap\nb,pb,x|y,15\nc,,,\n");

    SampleManifest manifest = SampleManifest.read(conf, run());

    assertThat(manifest.tables().get("items.csv").rejects()).isEqualTo(Map.of("bad_number", 1L));
    assertThat(directory.resolve("out/run=0/rejects/items-m-00000.csv"))
        .content()
        .contains(
            "items.csv line 2,bad_number,\"price was 'cheap', needed a finite decimal number\"");
  }

  @Test
  void namesTheFileThatLacksAColumn() throws Exception {
    writeParquet();
    try (ParquetTestTable table =
        new ParquetTestTable(
            input.resolve("impressions/dt=2024-05-03/h.parquet"),
            "message t { required binary user_id (STRING); required binary item_id (STRING); }",
            1_000)) {
      table.row(row -> row.append("user_id", "u").append("item_id", "a"));
    }

    assertThatThrownBy(this::run)
        .hasMessageContaining("h.parquet: it has no column ts, label; its columns are")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  private void writeCsv() throws IOException {
    Files.writeString(
        input.resolve("items.csv"),
        "item_id,image_id,category,price\na,pa,x,5\nb,pb,x|y,15.5\nc,,,\n");
    Files.writeString(input.resolve("users.csv"), "user_id,city\nu,Rome\nv,\n");
    Files.writeString(
        input.resolve("impressions.csv"),
        """
        user_id,item_id,ts,label,dt
        u,a,1714521600,1,2024-05-01
        u,b,1714521700,0,2024-05-01
        v,c,1714608000,1,2024-05-02
        u,c,1714608100,0,2024-05-02
        u,a,1714694400,1,2024-05-03
        v,b,1714694500,0,2024-05-03
        """);
    Files.writeString(
        input.resolve("behaviors.csv"),
        "user_id,item_id,ts\nu,b,1714521650\nv,a,1714521600\nu,a,1714608000\n");
  }

  private void writeParquet() throws IOException {
    try (ParquetTestTable items =
        new ParquetTestTable(
            input.resolve("items.parquet"),
            "message t { required binary item_id (STRING); optional binary image_id (STRING);"
                + " optional group category (LIST) { repeated group list"
                + " { optional binary element (STRING); } } optional double price; }",
            1_000)) {
      items.row(
          row -> {
            row.append("item_id", "a").append("image_id", "pa").append("price", 5.0);
            row.addGroup("category").addGroup("list").append("element", "x");
          });
      items.row(
          row -> {
            row.append("item_id", "b").append("image_id", "pb").append("price", 15.5);
            Group category = row.addGroup("category");
            category.addGroup("list").append("element", "x");
            category.addGroup("list").append("element", "y");
          });
      items.row(row -> row.append("item_id", "c"));
    }
    Files.createDirectory(input.resolve("users"));
    try (ParquetTestTable users =
        new ParquetTestTable(
            input.resolve("users/000000_0"),
            "message t { required binary user_id; optional binary city; }",
            1_000)) {
      users.row(row -> row.append("user_id", "u").append("city", "Rome"));
      users.row(row -> row.append("user_id", "v"));
    }
    long[] moments = {1714521600L, 1714521700L, 1714608000L, 1714608100L, 1714694400L, 1714694500L};
    String users = "uuvuuv";
    String items = "abccab";
    for (int day = 0; day < 3; day++) {
      java.nio.file.Path partition =
          Files.createDirectories(input.resolve("impressions/dt=2024-05-0" + (day + 1)));
      try (ParquetTestTable table = impressions(partition.resolve("f.parquet"))) {
        for (int i = 2 * day; i < 2 * day + 2; i++) {
          String user = users.substring(i, i + 1);
          String item = items.substring(i, i + 1);
          long moment = moments[i];
          boolean click = i % 2 == 0;
          table.row(row -> impression(row, user, item, moment, click));
        }
      }
    }
    try (ParquetTestTable behaviors =
        new ParquetTestTable(
            input.resolve("behaviors.parquet"),
            "message t { required binary user_id (STRING); required binary item_id (STRING);"
                + " required int64 ts; }",
            1_000)) {
      behaviors
          .row(row -> row.append("user_id", "u").append("item_id", "b").append("ts", 1714521650L))
          .row(row -> row.append("user_id", "v").append("item_id", "a").append("ts", 1714521600L))
          .row(row -> row.append("user_id", "u").append("item_id", "a").append("ts", 1714608000L));
    }
  }

  private static ParquetTestTable impressions(java.nio.file.Path file) throws IOException {
    return new ParquetTestTable(
        file,
        "message t { required binary user_id (STRING); required binary item_id (STRING);"
            + " required int64 ts (TIMESTAMP(MILLIS,true)); required boolean label; }",
        1_000);
  }

  private static void impression(
      Group row, String user, String item, long timestampSeconds, boolean click) {
    row.append("user_id", user)
        .append("item_id", item)
        .append("ts", timestampSeconds * 1_000)
        .append("label", click);
  }

  /** What the survey of the job finds, and nothing else of the job. */
  private HeavyUsers heavyUsers() throws IOException, InterruptedException {
    SampleInput tables = SampleInput.check(conf, new InputLayout(new Path(input.toUri())));
    Configuration told = new Configuration(conf);
    new TaskInput(told).tell(tables);
    SampleSettings settings = SampleSettings.of(conf);
    new SurveyJob(told, new JobRunner(told))
        .run(
            tables.tables(),
            settings,
            SplitRule.parse(settings.split()),
            new Path(directory.resolve("heavy").toUri()));
    return new TaskInput(told).heavyUsers();
  }

  private Path run() throws IOException, InterruptedException {
    Path target = new Path(directory.resolve("out/run=" + runs++).toUri());
    new SamplesJob(conf).run(new Path(input.toUri()), target, ProgressListener.NONE);
    return target;
  }

  /** The samples as text, sorted, training and test ones. */
  private List<String> samples(Path target) throws IOException {
    FeatureSchema schema =
        FeatureSchema.read(conf, new Path(input.resolve("features.json").toUri()));
    List<String> samples = new ArrayList<>();
    for (String split : List.of("train", "test")) {
      try (SampleSource source =
          SampleFiles.sequential(conf, new Path(target, split), schema, 0, 1)) {
        for (Sample sample = source.next(); sample != null; sample = source.next()) {
          samples.add(split + text(sample));
        }
      }
    }
    samples.sort(String::compareTo);
    return samples;
  }

  private static String text(Sample sample) {
    StringBuilder text = new StringBuilder(sample.userId() + sample.timestampSeconds());
    text.append(Arrays.deepToString(sample.userKeys()));
    text.append(Arrays.toString(sample.behaviors().imageKeys()));
    text.append(Arrays.deepToString(sample.behaviors().idKeys()));
    sample
        .impressions()
        .forEach(
            shown ->
                text.append(shown.impressionId().split(":", -1)[1])
                    .append(shown.label())
                    .append(shown.category())
                    .append(shown.imageKey())
                    .append(Arrays.deepToString(shown.itemKeys()))
                    .append(Arrays.deepToString(shown.contextKeys())));
    return text.toString();
  }
}
