package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class TestHiveDdl {
  private static final Pattern COLUMN = Pattern.compile("`(\\w+)` ([A-Z]\\S*) COMMENT '[^']{4,}'");

  private static final Pattern PARTITIONED_BY = Pattern.compile("PARTITIONED BY .*");

  /** As in docs/architecture.md, "Files". */
  private static final Map<HiveTable, String> COLUMNS =
      new EnumMap<>(
          Map.of(
              HiveTable.FEATURES,
              "image_id string, image_key bigint, content_digest string, feature array<float>,"
                  + " width int, height int, extracted_at bigint, perceptual_hash bigint, dt string",
              HiveTable.IMAGE_CODES,
              "image_id string, image_key bigint, ad_code array<float>, behavior_code array<float>,"
                  + " dt string, run string",
              HiveTable.PREDICTIONS,
              "impression_id string, user_id string, item_id string, category string, ts bigint,"
                  + " label int, probability double, dt string, run string",
              HiveTable.METRICS,
              "metric string, value double, dt string, run string",
              HiveTable.METRIC_SLICES,
              "slice string, value string, metric string, metric_value double, low double, high double,"
                  + " dt string, run string",
              HiveTable.RUNS,
              "stage string, state string, started_at bigint, finished_at bigint, duration_ms bigint,"
                  + " detail string, dt string, run string"));

  static {
    COLUMNS.putAll(
        Map.of(
            HiveTable.SAMPLES,
            "user_id string, items_before int,"
                + " items array<struct<item_id:string,category:string,image_key:bigint>>,"
                + " dt string, run string, split string",
            HiveTable.SAMPLE_ITEMS,
            "item_id string, train_exposures bigint, train_clicks bigint, shown_exposures bigint,"
                + " first_seen bigint, dt string, run string",
            HiveTable.TRAINING_CURVE,
            "worker int, step bigint, epoch int, impressions bigint, loss double,"
                + " impressions_per_second double, scored_impressions bigint, auc double,"
                + " gauc double, gauc_impressions bigint, dt string, run string",
            HiveTable.TRAFFIC,
            "server int, traffic_class string, bytes bigint, raw_vector_bytes bigint, steps bigint,"
                + " dt string, run string",
            HiveTable.CHECKPOINTS,
            "application_id string, steps bigint, made_at bigint, location string, servers int,"
                + " bytes bigint, extractor string, schema_digest string, dt string, run string",
            HiveTable.REJECTS,
            "source string, place string, image_id string, reason string, detail string,"
                + " dt string, run string",
            HiveTable.RUN_CONTAINERS,
            "container_id string, stage string, role string, index int, state string, node string,"
                + " memory_mb int, peak_resident_bytes bigint, first_seen_at bigint,"
                + " last_seen_at bigint, done bigint, total bigint, note string,"
                + " dt string, run string",
            HiveTable.USER_VECTORS,
            "user_id string, ts bigint, vector array<float>, bias double, dt string, run string",
            HiveTable.ITEM_VECTORS,
            "item_id string, image_key bigint, vector array<float>, dt string, run string",
            HiveTable.NEAR_DUPLICATES,
            "group_id bigint, image_id string, image_key bigint, representative string,"
                + " hamming_distance int, cosine double, dt string"));
  }

  private final List<String> statements =
      HiveDdl.statements("shop_1", new Path("hdfs://nn:8020/data/dicm"), "vgg16-fc6-17");

  @Test
  void makesTheDatabaseAndEveryTable() {
    assertThat(statements).hasSize(1 + HiveTable.values().length + 4);
    assertThat(statements.get(0)).startsWith("CREATE DATABASE IF NOT EXISTS `shop_1`");
    assertThat(statements)
        .noneMatch(statement -> statement.contains("${") || statement.contains(";"));
  }

  @Test
  void everyColumnIsCommentedAndAsInTheArchitecture() {
    assertThat(COLUMNS).containsOnlyKeys(HiveTable.values());
    COLUMNS.forEach(
        (table, columns) -> {
          Matcher matcher = COLUMN.matcher(statement(table));
          List<String> found =
              matcher
                  .results()
                  .map(column -> column.group(1) + " " + column.group(2).toLowerCase(Locale.ROOT))
                  .toList();
          assertThat(String.join(", ", found)).as(table.tableName()).isEqualTo(columns);
        });
  }

  @Test
  void partitionColumnsAreThoseOfTheTables() {
    for (HiveTable table : HiveTable.values()) {
      Matcher partitionedBy = PARTITIONED_BY.matcher(statement(table));
      assertThat(partitionedBy.find()).isTrue();
      assertThat(COLUMN.matcher(partitionedBy.group()).results().map(column -> column.group(1)))
          .containsExactlyElementsOf(table.partitionColumns());
    }
  }

  /** The table of version 1 has them all but those that version 2 adds at its end. */
  @Test
  void predictionsGetTheirLaterColumns() {
    String alter =
        statements.stream()
            .filter(statement -> statement.contains("REPLACE COLUMNS"))
            .findFirst()
            .orElseThrow();

    assertThat(alter).startsWith("ALTER TABLE `shop_1`.`predictions` REPLACE COLUMNS (");
    String columns =
        String.join(", ", COLUMN.matcher(alter).results().map(one -> one.group(1)).toList());
    assertThat(columns)
        .isEqualTo(
            "impression_id, user_id, item_id, category, ts, label, probability,"
                + " item_train_exposures, item_age_days, behavior_count, image_present");
  }

  @Test
  void tablesAreExternalParquetThatKeepsItsData() {
    for (HiveTable table : HiveTable.values()) {
      assertThat(statement(table))
          .startsWith("CREATE EXTERNAL TABLE IF NOT EXISTS `shop_1`.`" + table.tableName() + "` (")
          .contains("STORED AS PARQUET", "'external.table.purge' = 'false'");
    }
  }

  @Test
  void tablesLieInTheWorkspace() {
    assertThat(statement(HiveTable.FEATURES))
        .contains(
            "LOCATION 'hdfs://nn:8020/data/dicm/features/vgg16-fc6-17'",
            "'dicm.extractor' = 'vgg16-fc6-17'");
    assertThat(statement(HiveTable.RUNS)).contains("LOCATION 'hdfs://nn:8020/data/dicm/runs'");
  }

  @Test
  void quotesInLocationsAreEscaped() {
    List<String> quoted = HiveDdl.statements("d", new Path("/it's"), "x");

    assertThat(quoted.get(1)).contains("LOCATION '/it\\'s/features/x'");
  }

  @Test
  void databaseIsCheckedWhereItStandsInBackticks() {
    assertThatThrownBy(() -> HiveDdl.statements("a` COMMENT 'x", new Path("/w"), "x"))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("as a name in Hive");
  }

  @Test
  void viewsAreOfTheVersionThatIsLookedForAndCommented() {
    List<String> views = HiveDdl.views("shop_1");

    assertThat(views)
        .hasSize(8)
        .allSatisfy(
            view ->
                assertThat(view)
                    .startsWith("CREATE OR REPLACE VIEW `shop_1`.`")
                    .contains(
                        "'" + HiveDdl.VERSION_PROPERTY + "' = '" + HiveDdl.VIEWS_VERSION + "'")
                    .doesNotContain("${", ";")
                    .containsPattern(
                        "(?s)\\(\\s+(`\\w+` COMMENT '[^']{4,}',?\\s+)+\\)\\s+COMMENT '"));
  }

  /** Those that other views of runs build upon. */
  @Test
  void viewsOfRunsShowThoseThatAreWholeAlone() {
    List<String> ofRuns =
        List.of("labeled_predictions", "code_drift", "missing_images", "run_costs");

    assertThat(HiveDdl.views("shop_1"))
        .filteredOn(view -> ofRuns.stream().anyMatch(name -> view.contains(".`" + name + "` (")))
        .hasSize(4)
        .allMatch(view -> view.contains("LEFT SEMI JOIN `shop_1`.`runs`"));
    assertThat(HiveDdl.views("shop_1"))
        .filteredOn(view -> view.contains("`.`predictions`") || view.contains("`.`image_codes`"))
        .allMatch(view -> view.contains("LEFT SEMI JOIN `shop_1`.`runs`"));
  }

  private String statement(HiveTable table) {
    return statements.stream()
        .filter(statement -> statement.contains(".`" + table.tableName() + "` ("))
        .findFirst()
        .orElseThrow();
  }
}
