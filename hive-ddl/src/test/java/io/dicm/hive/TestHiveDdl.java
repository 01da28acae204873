package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class TestHiveDdl {
  private static final Pattern COLUMN = Pattern.compile("`(\\w+)` ([A-Z<>]+) COMMENT '[^']{4,}'");

  private static final Pattern PARTITIONED_BY = Pattern.compile("PARTITIONED BY .*");

  /** As in docs/architecture.md, "Files". */
  private static final Map<HiveTable, String> COLUMNS =
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
              + " detail string, dt string, run string");

  private final List<String> statements =
      HiveDdl.statements("shop_1", new Path("hdfs://nn:8020/data/dicm"), "vgg16-fc6-17");

  @Test
  void makesTheDatabaseAndEveryTable() {
    assertThat(statements).hasSize(1 + HiveTable.values().length + 1);
    assertThat(statements.get(0)).startsWith("CREATE DATABASE IF NOT EXISTS `shop_1`");
    assertThat(statements)
        .noneMatch(statement -> statement.contains("${") || statement.contains(";"));
  }

  @Test
  void everyColumnIsCommentedAndAsInTheArchitecture() {
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
    String alter = statements.get(statements.size() - 1);

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
        .hasSize(6)
        .allSatisfy(
            view ->
                assertThat(view)
                    .startsWith("CREATE OR REPLACE VIEW `shop_1`.`")
                    .contains(
                        "'" + HiveDdl.VERSION_PROPERTY + "' = '" + HiveDdl.VIEWS_VERSION + "'")
                    .doesNotContain("${", ";")
                    .containsPattern(
                        "(?s)\\(\\s+(`\\w+` COMMENT '[^']{4,}',?\\s+)+\\)\\s+COMMENT '"));
    assertThat(views.get(5)).contains(".`" + HiveDdl.LAST_VIEW + "` (");
  }

  private String statement(HiveTable table) {
    return statements.stream()
        .filter(statement -> statement.contains(".`" + table.tableName() + "` ("))
        .findFirst()
        .orElseThrow();
  }
}
