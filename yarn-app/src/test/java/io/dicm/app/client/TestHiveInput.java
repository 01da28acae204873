package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.hive.HiveSessions;
import io.dicm.hive.HiveStatements;
import io.dicm.hive.QueryResult;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.TableFinder;
import io.dicm.trainer.input.TableFormat;
import io.dicm.trainer.input.TablePart;
import io.dicm.trainer.input.TableSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestHiveInput {
  private final Configuration conf = new Configuration(false);
  private final Catalog catalog = new Catalog();

  @BeforeEach
  void setUp() {
    conf.addResource("core-default.xml");
    conf.addResource("dicm-default.xml");
    conf.set(DicmKeys.INPUT_IMPRESSIONS, "hive:shop.log");
  }

  @Test
  void tellsTheLocationsOfTheDaysThatAreRead() throws Exception {
    conf.set(DicmKeys.INPUT_FROM_DATE, "2024-05-02");

    new HiveInput(conf, catalog).locateAll();

    TableSource expected =
        new TableSource(
            "shop.log",
            TableFormat.PARQUET,
            List.of(
                new TablePart("file:/data/2024-05-02", Map.of("dt", "2024-05-02")),
                new TablePart("file:/data/2024-05-03", Map.of("dt", "2024-05-03"))));
    TableFinder finder = new TableFinder(conf, new InputLayout(new Path("file:/in")));
    assertThat(finder.require(InputTable.IMPRESSIONS)).isEqualTo(expected);
    assertThat(TableFinder.otherPlaces(conf)).isEqualTo(expected.paths());
    assertThat(catalog.asked).noneMatch(query -> query.contains("2024-05-01")).hasSize(4);
  }

  @Test
  void namesTheFormatThatCannotBeRead() {
    catalog.inputFormat = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat";

    assertThatThrownBy(() -> new HiveInput(conf, catalog).locateAll())
        .hasMessageContaining(
            "Cannot read table shop.log of Hive (dicm.input.impressions): /data/2024-05-01 is"
                + " stored as ORC, needed Parquet")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  @Test
  void refusesDaysOfALogWithoutPartitions() {
    catalog.partitioned = false;
    conf.set(DicmKeys.INPUT_TO_DATE, "2024-05-02");

    assertThatThrownBy(() -> new HiveInput(conf, catalog).locateAll())
        .hasMessageContaining("shop.log from the beginning to 2024-05-02: it is not partitioned");
  }

  @Test
  void hiveIsAskedOnlyWhenATableIsThere() {
    conf.set(DicmKeys.INPUT_IMPRESSIONS, "");
    assertThatCode(() -> HiveInput.locate(conf)).doesNotThrowAnyException();

    conf.set(DicmKeys.INPUT_ITEMS, "hive:shop.items");
    assertThatThrownBy(() -> HiveInput.locate(conf))
        .hasMessageContaining(DicmKeys.HIVE_JDBC_URL)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  /** A catalogue with one table and three days. */
  private static final class Catalog implements HiveSessions, HiveStatements {
    private final List<String> asked = new ArrayList<>();
    private String inputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
    private boolean partitioned = true;

    @Override
    public HiveStatements open() {
      return this;
    }

    @Override
    public String address() {
      return "fake";
    }

    @Override
    public void execute(String statement) throws SQLException {
      throw new SQLException("Nothing is to be changed");
    }

    @Override
    public QueryResult query(String query) {
      asked.add(query);
      if (query.startsWith("SHOW PARTITIONS")) {
        return new QueryResult(
            List.of("partition"),
            List.of(List.of("dt=2024-05-01"), List.of("dt=2024-05-02"), List.of("dt=2024-05-03")));
      }
      int day = query.indexOf("'2024");
      String location = day < 0 ? "/data" : "/data/" + query.substring(day + 1, day + 11);
      List<List<String>> rows = new ArrayList<>();
      if (partitioned) {
        rows.add(List.of("# Partition Information", ""));
      }
      rows.add(List.of("Location:", location));
      rows.add(List.of("InputFormat:", inputFormat));
      return new QueryResult(List.of("col_name", "data_type"), rows);
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
