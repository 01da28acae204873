package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.error.DicmException;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.common.parquet.RowWriter;
import io.dicm.hive.HiveFunctions;
import io.dicm.hive.HiveQueries;
import io.dicm.hive.HiveRegistrar;
import io.dicm.hive.HiveSessions;
import io.dicm.hive.HiveStatistics;
import io.dicm.hive.HiveTable;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.hive.NamedQuery;
import io.dicm.hive.Registration;
import io.dicm.hive.RegistrationResult;
import io.dicm.hive.StatisticsKind;
import io.dicm.hive.TablePartition;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * DICM's functions, views and registration in a real HiveServer2, over tables of two days whose
 * every row is known.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HiveIT {
  private static final String DATABASE = "known";
  private static final String EXTRACTOR = "known";
  private static final String RUN = "r1";
  private static final List<String> DAYS = List.of("2026-01-01", "2026-01-02");
  private static final int DIMENSION = 4096;
  private static final int IMAGES = 6;
  private static final int CODES = 12;
  private static final int TOWERS = 10;
  private static final double BIAS = -0.25;
  private static final int IMPRESSIONS = 400;

  private final java.nio.file.Path home = java.nio.file.Path.of(System.getProperty("dicm.home"));
  private final SandboxUnderTest sandbox =
      SandboxUnderTest.withSmallJobs(
          home, java.nio.file.Path.of("target", "hive-sandbox").toAbsolutePath());
  private final Random random = new Random(8);
  private final List<Impression> impressions = new ArrayList<>();
  private final Map<String, float[]> vectors = new TreeMap<>();
  private final Map<String, float[]> codes = new TreeMap<>();
  private final Map<String, float[]> towers = new TreeMap<>();
  private Configuration conf;
  private Workspace workspace;
  private HiveSessions sessions;
  private HiveQueries hive;

  /** A row of the predictions of the second day. */
  private record Impression(
      int number,
      String user,
      int label,
      double probability,
      long timestampSeconds,
      int itemAgeDays) {
    String shownOn() {
      return DAYS.get((int) (timestampSeconds / 86_400 - 20_454));
    }
  }

  @BeforeAll
  void registerTwoDays() throws Exception {
    sandbox.start();
    conf = sandbox.configuration();
    sessions = sandbox.sessions();
    hive = sandbox.hive(DATABASE);
    workspace = new Workspace(FileSystem.get(conf).makeQualified(new Path("/known/workspace")));
    for (String day : DAYS) {
      publishRun(day);
      RegistrationResult result =
          new HiveRegistrar(conf, sessions, DATABASE).register(registration(day));
      assertThat(new HiveStatistics(sessions, DATABASE, StatisticsKind.ROWS).gather(result))
          .isEqualTo(registration(day).partitions().size());
    }
    assertThat(new HiveFunctions(conf, sessions, DATABASE).install(workspace.root())).isEqualTo(7);
  }

  @AfterAll
  void stopSandbox() throws Exception {
    sandbox.close();
  }

  @Test
  void everyTableIsWhatItsFilesHave() throws IOException {
    TableComparison comparison = new TableComparison(conf, hive, DATABASE);
    Set<HiveTable> tables = EnumSet.noneOf(HiveTable.class);
    for (String day : DAYS) {
      for (TablePartition partition : registration(day).partitions()) {
        assertThat(comparison.assertSame(partition)).as(partition.toString()).isPositive();
        tables.add(partition.table());
      }
    }
    assertThat(tables).containsExactlyInAnyOrder(HiveTable.values());
  }

  @Test
  void everyViewAnswers() {
    for (String view : column("SHOW VIEWS IN known")) {
      assertThat(rows("SELECT * FROM known." + view)).as(view).isNotEmpty();
    }
  }

  /** Of columns too where the metastore keeps them: the sandbox's has no table for those. */
  @Test
  void hiveKnowsTheRowsOfPartitions() {
    assertThat(
            rows("DESCRIBE FORMATTED known.predictions PARTITION (dt = '2026-01-02', run = 'r1')"))
        .anyMatch(row -> row.get(1).strip().equals("numRows") && row.get(2).strip().equals("400"));
  }

  /** HiveServer2 is lost after more and more statements, and each time the run goes on. */
  @Test
  void registrationThatIsCutShowsNothingHalfAndIsCompleted() {
    Registration registration = registration(DAYS.get(1));
    CutSessions cut;
    int statements = 2;
    int failures = 0;
    do {
      cut = new CutSessions(sessions, statements);
      try {
        new HiveRegistrar(conf, cut, "cut").register(registration);
      } catch (DicmException e) {
        failures++;
      }
      assertThat(visible("cut")).as("after " + statements).isIn(0, allOf(registration));
      // Tables are made where they are missing; from then on every statement counts.
      statements += statements < HiveTable.values().length ? 6 : 1;
    } while (!cut.isWhole());

    assertThat(failures).isGreaterThan(4);
    assertThat(visible("cut")).isEqualTo(allOf(registration));
    for (HiveTable table : HiveTable.values()) {
      assertThat(column("SHOW PARTITIONS cut." + table.tableName()))
          .as(table.tableName())
          .isEqualTo(
              column("SHOW PARTITIONS known." + table.tableName()).stream()
                  .filter(partition -> partition.startsWith("dt=" + DAYS.get(1)))
                  .toList());
    }
    assertThat(column("SHOW VIEWS IN cut")).isEqualTo(column("SHOW VIEWS IN known"));
    assertThat(rows("SELECT COUNT(*) FROM cut.labeled_predictions"))
        .containsExactly(List.of("" + IMPRESSIONS));
  }

  @Test
  void runWithoutItsLastPartitionIsNotInTheViews() throws SQLException {
    Registration registration = registration(DAYS.get(1));
    HiveRegistrar registrar = new HiveRegistrar(conf, sessions, "hidden");
    assertThat(registrar.hide(DAYS.get(1), RUN)).as("there is no such database").isFalse();
    registrar.register(registration);
    assertThat(registrar.hide(DAYS.get(1), RUN)).isTrue();
    assertThat(registrar.hide(DAYS.get(1), RUN)).as("it is hidden already").isFalse();

    assertThat(rows("SELECT COUNT(*) FROM hidden.predictions"))
        .containsExactly(List.of("" + IMPRESSIONS));
    for (String view :
        List.of("labeled_predictions", "daily_gauc", "cold_start", "missing_images", "run_costs")) {
      assertThat(rows("SELECT * FROM hidden." + view)).as(view).isEmpty();
    }
    assertThat(registrar.register(registration).added()).hasSize(1);
    assertThat(visible("hidden")).isEqualTo(allOf(registration));
  }

  /** Partitions in sight: none without the run's last. */
  private int visible(String database) {
    if (!column("SHOW DATABASES").contains(database)
        || !column("SHOW TABLES IN " + database).contains("runs")
        || column("SHOW PARTITIONS " + database + ".runs").isEmpty()) {
      return 0;
    }
    return Arrays.stream(HiveTable.values())
        .mapToInt(table -> column("SHOW PARTITIONS " + database + "." + table.tableName()).size())
        .sum();
  }

  private static int allOf(Registration registration) {
    return registration.partitions().size();
  }

  /** TLS in front of the sandbox's HiveServer2, which the driver sees as HiveServer2's own. */
  @Test
  void sessionsOverTlsNeedTheTrustedCertificate() throws Exception {
    java.nio.file.Path folder = java.nio.file.Path.of("target", "hive-tls").toAbsolutePath();
    java.nio.file.Path trusted = TlsTunnel.makeKeyStore(folder.resolve("trusted.p12"), "localhost");
    java.nio.file.Path other = TlsTunnel.makeKeyStore(folder.resolve("other.p12"), "another");
    try (TlsTunnel tunnel = TlsTunnel.start(trusted, sandbox.hivePort())) {
      assertThat(
              new HiveQueries(overTls(tunnel, trusted), DATABASE)
                  .run("SELECT COUNT(*) FROM known.near_duplicates WHERE dt = '2026-01-02'")
                  .rows())
          .containsExactly(List.of("2"));
      assertThatThrownBy(() -> overTls(tunnel, other).open())
          .isInstanceOf(DicmException.class)
          .hasMessageStartingWith("Cannot connect to HiveServer2 at jdbc:hive2://127.0.0.1:")
          .hasMessageNotContaining(TlsTunnel.PASSWORD)
          .hasStackTraceContaining("unable to find valid certification path");
    }
  }

  private static HiveSessions overTls(TlsTunnel tunnel, java.nio.file.Path trustStore) {
    return new JdbcHiveSessions(
        "jdbc:hive2://127.0.0.1:"
            + tunnel.port()
            + "/;ssl=true;trustStoreType=PKCS12;retries=1;sslTrustStore="
            + trustStore
            + ";trustStorePassword="
            + TlsTunnel.PASSWORD,
        System.getProperty("user.name"),
        Duration.ofSeconds(30));
  }

  @Test
  void missingImagesAreThoseThatTheStoreLacksOnTheDay() {
    assertThat(
            rows(
                "SELECT item_id, image_key, in_train, in_test FROM known.missing_images"
                    + " WHERE dt = '2026-01-02' AND run = 'r1' ORDER BY item_id"))
        .containsExactly(
            List.of("gone", "77", "true", "true"), List.of("without", "0", "true", "true"));
    assertThat(
            rows("EXPLAIN DEPENDENCY SELECT item_id FROM known.missing_images"
                    + " WHERE dt = '2026-01-01' AND run = 'r1'")
                .toString())
        .contains("known@samples@dt=2026-01-01")
        .doesNotContain("known@samples@dt=2026-01-02");
  }

  @Test
  void costsAreMemoryTimesTime() {
    List<List<String>> rows =
        rows(
            "SELECT role, containers, failed, memory_mb, peak_resident_mb, gb_hours"
                + " FROM known.run_costs WHERE dt = '2026-01-02'");

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).subList(0, 5)).containsExactly("server", "2", "1", "3072", "3");
    assertThat(Double.parseDouble(rows.get(0).get(5))).isCloseTo(1 * 2 + 2 * 0.5, within(1e-9));
  }

  @Test
  void functionsThatAreThereAreLeftAlone() {
    assertThat(new HiveFunctions(conf, sessions, DATABASE).install(workspace.root())).isZero();
  }

  @Test
  void vectorFunctionsAgreeWithPlainJavaOnWholeVectors() {
    List<List<String>> rows =
        rows(
            "SELECT a.image_id, b.image_id, known.cosine_similarity(a.feature, b.feature),"
                + " known.dot_product(a.feature, b.feature), known.l2_norm(a.feature)"
                + " FROM known.features a JOIN known.features b ON a.dt = b.dt"
                + " WHERE a.dt = '2026-01-01'");

    assertThat(rows).hasSize(IMAGES * IMAGES);
    for (List<String> row : rows) {
      float[] first = vectors.get(DAYS.get(0) + row.get(0));
      float[] second = vectors.get(DAYS.get(0) + row.get(1));
      double norm = Math.sqrt(dot(first, first));
      assertThat(Double.parseDouble(row.get(2)))
          .isCloseTo(dot(first, second) / norm / Math.sqrt(dot(second, second)), within(1e-6));
      assertThat(Double.parseDouble(row.get(3))).isCloseTo(dot(first, second), within(1e-6));
      assertThat(Double.parseDouble(row.get(4))).isCloseTo(norm, within(1e-6));
    }
  }

  @Test
  void differentLengthsEndTheQueryWithBoth() {
    assertThatThrownBy(
            () ->
                hive.run(
                    "SELECT known.cosine_similarity(feature, array(1, 2)) FROM known.features"
                        + " WHERE dt = '2026-01-01'"))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("the first has 4096 values and the second 2");
  }

  /** A column of bytes, as other programs write halves. */
  @Test
  void halvesOfABinaryColumnAreDecoded() throws Exception {
    MessageType schema =
        MessageTypeParser.parseMessageType("message halves { required binary halves; }");
    Path directory = new Path(workspace.table("halves"), "all");
    write(
        directory,
        schema,
        List.of(new byte[] {0, 0x3c, 0, (byte) 0xc0}),
        (out, bytes) -> {
          out.startField("halves", 0);
          out.addBinary(Binary.fromConstantByteArray(bytes));
          out.endField("halves", 0);
        });
    sandbox.execute(
        "CREATE EXTERNAL TABLE known.halves (halves BINARY) STORED AS PARQUET LOCATION '"
            + directory
            + "'");

    assertThat(rows("SELECT known.decode_half(halves) FROM known.halves"))
        .containsExactly(List.of("[1.0,-2.0]"));
  }

  @Test
  void aucAndGaucAreExact() {
    List<String> row =
        rows("SELECT known.auc(label, probability), known.gauc(user_id, label, probability)"
                + " FROM known.predictions WHERE dt = '2026-01-02'")
            .get(0);

    assertThat(Double.parseDouble(row.get(0))).isCloseTo(auc(impressions), within(1e-12));
    assertThat(Double.parseDouble(row.get(1))).isCloseTo(gauc(impressions), within(1e-12));
  }

  @Test
  void nearestImagesComeInOrder() {
    String query =
        "SELECT n.id, n.similarity FROM (SELECT known.nearest(image_id,"
            + " known.cosine_similarity(ad_code, array("
            + IntStream.range(0, CODES).mapToObj(i -> "1").collect(Collectors.joining(","))
            + ")), 3) AS found FROM known.image_codes WHERE dt = '2026-01-02') x"
            + " LATERAL VIEW inline(x.found) n AS id, similarity";
    float[] ones = new float[CODES];
    Arrays.fill(ones, 1);

    assertThat(rows(query).stream().map(row -> row.get(0)))
        .containsExactlyElementsOf(
            IntStream.range(0, IMAGES)
                .mapToObj(i -> "image-" + i)
                .sorted(
                    Comparator.comparingDouble(id -> -cosine(codes.get(DAYS.get(1) + id), ones)))
                .limit(3)
                .toList());
  }

  @Test
  void newestFeaturesAreOfTheNewestDay() {
    assertThat(
            rows("SELECT dt, COUNT(*), MIN(SIZE(feature)) FROM known.latest_features GROUP BY dt"))
        .containsExactly(List.of("2026-01-02", "" + IMAGES, "" + DIMENSION));
  }

  @Test
  void featuresAsOfADayReadNoLaterPartition() {
    String query = "SELECT image_id, dt FROM known.features_as_of WHERE as_of = '2026-01-01'";

    assertThat(rows(query)).hasSize(IMAGES).allMatch(row -> row.get(1).equals("2026-01-01"));
    assertThat(rows("EXPLAIN DEPENDENCY " + query).toString())
        .contains("known@features@dt=2026-01-01")
        .doesNotContain("2026-01-02");
  }

  @Test
  void dailyGaucIsThatOfTheDaysUsers() {
    List<List<String>> rows =
        rows("SELECT shown_on, gauc, impressions FROM known.daily_gauc WHERE dt = '2026-01-02'");

    assertThat(rows).hasSize(2);
    for (List<String> row : rows) {
      List<Impression> shown =
          impressions.stream().filter(one -> one.shownOn().equals(row.get(0))).toList();
      assertThat(Double.parseDouble(row.get(1))).isCloseTo(gauc(shown), within(1e-12));
      assertThat(row.get(2)).isEqualTo("" + shown.size());
    }
    assertThat(
            rows("EXPLAIN DEPENDENCY SELECT gauc FROM known.daily_gauc WHERE dt = '2026-01-02'")
                .toString())
        .contains("known@predictions@dt=2026-01-02")
        .doesNotContain("2026-01-01");
  }

  @Test
  void coldStartIsByItemAge() {
    List<List<String>> rows =
        rows(
            "SELECT item_age_days, auc, impressions, clicked, log_loss FROM known.cold_start"
                + " WHERE dt = '2026-01-02'");

    assertThat(rows).hasSize(3);
    for (List<String> row : rows) {
      List<Impression> aged =
          impressions.stream().filter(one -> row.get(0).equals("" + one.itemAgeDays())).toList();
      assertThat(Double.parseDouble(row.get(1))).isCloseTo(auc(aged), within(1e-12));
      assertThat(row.get(2)).isEqualTo("" + aged.size());
      assertThat(Double.parseDouble(row.get(3)))
          .isCloseTo(
              aged.stream().mapToInt(Impression::label).average().orElseThrow(), within(1e-12));
      assertThat(Double.parseDouble(row.get(4)))
          .isCloseTo(
              aged.stream()
                  .mapToDouble(
                      one ->
                          -Math.log(one.label() == 1 ? one.probability() : 1 - one.probability()))
                  .average()
                  .orElseThrow(),
              within(1e-9));
    }
  }

  @Test
  void driftIsTheDistanceOfCodesBetweenTheDays() {
    List<List<String>> rows =
        rows(
            "SELECT from_dt, images, mean_distance, mean_cosine FROM known.code_drift"
                + " WHERE dt = '2026-01-02' AND run = 'r1' AND from_dt = '2026-01-01'");

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).subList(0, 2)).containsExactly("2026-01-01", "" + IMAGES);
    double distances = 0;
    double cosines = 0;
    for (int i = 0; i < IMAGES; i++) {
      float[] first = codes.get(DAYS.get(0) + "image-" + i);
      float[] second = codes.get(DAYS.get(1) + "image-" + i);
      distances +=
          Math.sqrt(dot(first, first) + dot(second, second) - 2 * dot(first, second)) / IMAGES;
      cosines += cosine(first, second) / IMAGES;
    }
    assertThat(Double.parseDouble(rows.get(0).get(2))).isCloseTo(distances, within(1e-5));
    assertThat(Double.parseDouble(rows.get(0).get(3))).isCloseTo(cosines, within(1e-5));
  }

  @Test
  void queriesThatComeWithDicmAnswer() {
    Map<String, String> variables =
        Map.of(
            "dt",
            DAYS.get(1),
            "run",
            RUN,
            "image",
            "image-3",
            "from_dt",
            DAYS.get(0),
            "from_run",
            RUN);

    for (NamedQuery query :
        List.of(
            NamedQuery.LOOK_ALIKES,
            NamedQuery.DAILY_GAUC,
            NamedQuery.COLD_START,
            NamedQuery.COST,
            NamedQuery.TRAFFIC,
            NamedQuery.LEFT_OUT,
            NamedQuery.MISSING,
            NamedQuery.NEW_ADS,
            NamedQuery.RANKING_CHANGES,
            NamedQuery.DRIFT)) {
      assertThat(hive.run(query, variables).rows())
          .as(query.title())
          .isNotEmpty()
          .allSatisfy(row -> assertThat(row).doesNotContain("NULL"));
    }
    assertThat(hive.run(NamedQuery.LOOK_ALIKES, variables).rows().get(0).get(0))
        .isEqualTo(
            IntStream.range(0, IMAGES)
                .mapToObj(i -> "image-" + i)
                .filter(id -> !id.equals("image-3"))
                .max(
                    Comparator.comparingDouble(
                        id ->
                            cosine(
                                vectors.get(DAYS.get(1) + id),
                                vectors.get(DAYS.get(1) + "image-3"))))
                .orElseThrow());
  }

  @Test
  void newAdsAreComparedWithWhatSold() {
    Map<String, String> variables = Map.of("dt", DAYS.get(1), "run", RUN);
    float[] sold = vectors.get(DAYS.get(1) + "image-0");

    // item-0 has all the clicks, and training never showed items 4 and 5.
    assertThat(hive.run(NamedQuery.NEW_ADS, variables).rows())
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(row.get(0)).isIn("item-4", "item-5");
              assertThat(row.get(1)).isEqualTo("item-0");
              assertThat(Double.parseDouble(row.get(2)))
                  .isCloseTo(
                      cosine(sold, vectors.get(DAYS.get(1) + row.get(0).replace("item", "image"))),
                      within(1e-6));
            });
  }

  @Test
  void itemsSuitAUserByTheInnerProductOfTheirVectors() {
    String day = DAYS.get(1);
    Map<String, Double> best = new TreeMap<>();
    for (int i = 0; i < IMAGES; i++) {
      double z = BIAS + dot(towers.get(day + "user-1"), towers.get(day + "item-" + i));
      best.put("item-" + i, 1 / (1 + Math.exp(-z)));
    }

    List<List<String>> rows =
        hive.run(NamedQuery.ITEMS_FOR_USER, Map.of("dt", day, "run", RUN, "user", "user-1")).rows();

    assertThat(rows.stream().map(row -> row.get(0)))
        .containsExactlyElementsOf(
            best.keySet().stream()
                .sorted(Comparator.comparingDouble(item -> -best.get(item)))
                .limit(5)
                .toList());
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(Double.parseDouble(row.get(1)))
                    .isCloseTo(best.get(row.get(0)), within(1e-6)));
  }

  private List<List<String>> rows(String query) {
    return hive.run(query).rows();
  }

  private List<String> column(String query) {
    return rows(query).stream().map(row -> row.get(0)).toList();
  }

  private Registration registration(String day) {
    return Registration.ofRun(workspace, EXTRACTOR, day, RUN)
        .with(Registration.besides(workspace, EXTRACTOR, day, RUN))
        .ofSchema("digest");
  }

  private void publishRun(String day) throws IOException {
    List<String> images = IntStream.range(0, IMAGES).mapToObj(i -> "image-" + i).toList();
    images.forEach(image -> vectors.put(day + image, vector(DIMENSION)));
    images.forEach(image -> codes.put(day + image, vector(CODES)));
    write(
        new Path(workspace.features(EXTRACTOR), "dt=" + day),
        MessageTypeParser.parseMessageType(
            "message f { required binary image_id (STRING); required group feature (LIST)"
                + " { repeated group list { required float element; } }"
                + " required int64 extracted_at; required int64 image_key; }"),
        images,
        (out, image) -> {
          RowFields.string(out, "image_id", 0, image);
          RowFields.floats(out, "feature", 1, vectors.get(day + image), 0, DIMENSION);
          RowFields.int64(out, "extracted_at", 2, DAYS.indexOf(day));
          RowFields.int64(out, "image_key", 3, key(image));
        });
    write(
        workspace.imageCodes(day, RUN),
        MessageTypeParser.parseMessageType(
            "message c { required binary image_id (STRING); required group ad_code (LIST)"
                + " { repeated group list { required float element; } } }"),
        images,
        (out, image) -> {
          RowFields.string(out, "image_id", 0, image);
          RowFields.floats(out, "ad_code", 1, codes.get(day + image), 0, CODES);
        });
    impressions.clear();
    for (int i = 0; i < IMPRESSIONS; i++) {
      impressions.add(
          new Impression(
              i,
              "user-" + random.nextInt(25),
              random.nextInt(3) == 0 ? 1 : 0,
              (1 + random.nextInt(40)) / 50.0,
              20_454 * 86_400L + random.nextInt(2 * 86_400),
              random.nextInt(3)));
    }
    write(
        workspace.predictions(day, RUN),
        MessageTypeParser.parseMessageType(
            "message p { required binary user_id (STRING); required binary item_id (STRING);"
                + " required int64 ts; required int32 label; required double probability;"
                + " required int32 item_age_days; required binary impression_id (STRING);"
                + " required binary category (STRING); required boolean image_present; }"),
        impressions,
        HiveIT::write);
    publishSamples(day);
    publishVectors(day);
    for (KnownTable table : KnownTable.all()) {
      table.publish(conf, table.partition(workspace, EXTRACTOR, day, RUN));
    }
  }

  private void publishVectors(String day) throws IOException {
    List<String> users = List.of("user-0", "user-1", "user-2");
    List<String> items = IntStream.range(0, IMAGES).mapToObj(i -> "item-" + i).toList();
    users.forEach(user -> towers.put(day + user, vector(TOWERS)));
    items.forEach(item -> towers.put(day + item, vector(TOWERS)));
    String vector =
        "required group vector (LIST) { repeated group list { required float element; } }";
    write(
        workspace.userVectors(day, RUN),
        MessageTypeParser.parseMessageType(
            "message u { required binary user_id (STRING); required int64 ts; "
                + vector
                + " required double bias; }"),
        users,
        (out, user) -> {
          RowFields.string(out, "user_id", 0, user);
          RowFields.int64(out, "ts", 1, 1_767_225_600L);
          RowFields.floats(out, "vector", 2, towers.get(day + user), 0, TOWERS);
          RowFields.float64(out, "bias", 3, BIAS);
        });
    write(
        workspace.itemVectors(day, RUN),
        MessageTypeParser.parseMessageType(
            "message i { required binary item_id (STRING); required int64 image_key; "
                + vector
                + " }"),
        items,
        (out, item) -> {
          RowFields.string(out, "item_id", 0, item);
          RowFields.int64(out, "image_key", 1, key(item));
          RowFields.floats(out, "vector", 2, towers.get(day + item), 0, TOWERS);
        });
  }

  /** One partition serves both days: samples are by run. */
  private void publishSamples(String day) throws IOException {
    Path samples = workspace.samples(RUN);
    if (!DAYS.get(0).equals(day)) {
      return;
    }
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, samples)) {
      for (String split : List.of("train", "test")) {
        KnownSamples.write(
            conf,
            new Path(publisher.staging(), split + "/part-0.parquet"),
            IntStream.range(0, IMAGES)
                .boxed()
                .collect(
                    Collectors.toMap(
                        i -> "item-" + i, i -> key("image-" + i), (a, b) -> a, TreeMap::new)));
      }
      KnownTable.SAMPLE_ITEMS.write(conf, new Path(publisher.staging(), "items/part-0.parquet"));
      publisher.publish();
    }
  }

  private static long key(String image) {
    return 1000L + image.charAt(image.length() - 1);
  }

  private static void write(RecordConsumer out, Impression row) {
    RowFields.string(out, "user_id", 0, row.user());
    RowFields.string(out, "item_id", 1, "item-" + row.itemAgeDays());
    RowFields.int64(out, "ts", 2, row.timestampSeconds());
    RowFields.int32(out, "label", 3, row.label());
    RowFields.float64(out, "probability", 4, row.probability());
    RowFields.int32(out, "item_age_days", 5, row.itemAgeDays());
    RowFields.string(out, "impression_id", 6, "impression-" + row.number());
    RowFields.string(out, "category", 7, "category-" + row.number() % 2);
    out.startField("image_present", 8);
    out.addBoolean(row.number() % 3 > 0);
    out.endField("image_present", 8);
  }

  private <T> void write(Path directory, MessageType schema, List<T> rows, RowWriter<T> writer)
      throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, directory)) {
      Path file = new Path(publisher.staging(), "part-0.parquet");
      try (ParquetTableWriter<T> table = new ParquetTableWriter<>(conf, file, schema, writer)) {
        for (T row : rows) {
          table.write(row);
        }
      }
      publisher.publish();
    }
  }

  private float[] vector(int length) {
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static double dot(float[] first, float[] second) {
    return IntStream.range(0, first.length).mapToDouble(i -> (double) first[i] * second[i]).sum();
  }

  private static double cosine(float[] first, float[] second) {
    return dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second));
  }

  /** The share of (click, no click) pairs in the right order, ties half. */
  private static double auc(List<Impression> all) {
    double right = 0;
    double pairs = 0;
    for (Impression click : all) {
      for (Impression other : all) {
        if (click.label() == 1 && other.label() == 0) {
          pairs++;
          right += (Math.signum(click.probability() - other.probability()) + 1) / 2;
        }
      }
    }
    return right / pairs;
  }

  private static double gauc(List<Impression> all) {
    double sum = 0;
    double weights = 0;
    for (List<Impression> user :
        all.stream().collect(Collectors.groupingBy(Impression::user)).values()) {
      double auc = auc(user);
      if (!Double.isNaN(auc)) {
        sum += auc * user.size();
        weights += user.size();
      }
    }
    return sum / weights;
  }
}
