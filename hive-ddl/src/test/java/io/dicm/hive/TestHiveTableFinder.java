package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestHiveTableFinder {
  private static final String PARQUET =
      "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
  private static final String TABLE = "DESCRIBE FORMATTED `shop`.`log`";

  private final Answers hive = new Answers();
  private final HiveTableFinder finder = new HiveTableFinder(hive);

  @BeforeEach
  void setUp() {
    hive.answer(
        TABLE,
        "user_id|string|NULL",
        "# Partition Information|NULL|NULL",
        "# col_name            |data_type|comment",
        "dt|string|",
        "# Detailed Table Information|NULL|NULL",
        "Location:           |hdfs://n:1/warehouse/log |NULL",
        "Table Type:         |EXTERNAL_TABLE|NULL",
        "InputFormat:        |" + PARQUET + " |NULL");
    hive.answer(
        "SHOW PARTITIONS `shop`.`log`",
        "dt=2024-05-01/shop=a%3Ab+c",
        "dt=2024-05-02/shop=it's",
        "dt=2024-05-03/shop=x");
  }

  @Test
  void asksForTheLocationsOfTheChosenPartitionsAlone() {
    hive.answer(
        TABLE + " PARTITION (`dt` = '2024-05-01', `shop` = 'a:b+c')",
        "Location:|hdfs://n:1/elsewhere/1|NULL",
        "InputFormat:|" + PARQUET + "|NULL");
    hive.answer(
        TABLE + " PARTITION (`dt` = '2024-05-02', `shop` = 'it\\'s')",
        "Location:|hdfs://n:1/warehouse/log/2|NULL",
        "InputFormat:|Orc|NULL");

    HiveTableFiles files = finder.find("shop.log", partitions -> partitions.subList(0, 2));

    assertThat(files)
        .isEqualTo(
            new HiveTableFiles(
                "shop.log",
                List.of(
                    new HiveTableFiles.Part(
                        new Path("hdfs://n:1/elsewhere/1"),
                        PARQUET,
                        Map.of("dt", "2024-05-01", "shop", "a:b+c")),
                    new HiveTableFiles.Part(
                        new Path("hdfs://n:1/warehouse/log/2"),
                        "Orc",
                        Map.of("dt", "2024-05-02", "shop", "it's")))));
    assertThat(hive.asked).hasSize(4);
    assertThat(hive.closed).isEqualTo(1);
  }

  @Test
  void aTableWithoutPartitionsIsOnePart() {
    hive.answer(TABLE, "Location:|hdfs://n:1/t|NULL", "InputFormat:|" + PARQUET + "|NULL");

    HiveTableFiles files =
        finder.find(
            "shop.log",
            partitions -> {
              throw new AssertionError("nothing to choose");
            });

    assertThat(files.parts())
        .containsExactly(new HiveTableFiles.Part(new Path("hdfs://n:1/t"), PARQUET, Map.of()));
  }

  @Test
  void refusesWhatHasNoFilesOfItsOwn() {
    hive.answer("SHOW PARTITIONS `shop`.`log`");
    refuses("shop.log", ErrorCode.INPUT_MISSING, "shop.log of Hive: it has no partition yet");
    hive.answer(TABLE, "Table Type:|VIRTUAL_VIEW|NULL");
    refuses("shop.log", ErrorCode.INPUT_INVALID, "it is a view, which has no files");
    hive.answer(TABLE, "Location:|hdfs://n:1/t|NULL", "|transactional       |true      ");
    refuses("shop.log", ErrorCode.INPUT_INVALID, "it is transactional, only Hive can read");
    hive.answer(TABLE, "Location:|hdfs://n:1/t|NULL");
    refuses("shop.log", ErrorCode.HIVE_FAILED, "it does not tell its InputFormat.");
  }

  @Test
  void namesTheTableThatHiveDoesNotHaveAndWhatIsNoName() {
    refuses(
        "shop.none",
        ErrorCode.HIVE_FAILED,
        "Cannot find the files of table shop.none in Hive at fake: SemanticException Table not"
            + " found.");
    refuses("log", ErrorCode.CONFIGURATION_INVALID, "'log' of Hive: needed database.table");
    refuses("a.b;drop", ErrorCode.CONFIGURATION_INVALID, "Cannot use 'b;drop' as a name");
    assertThat(hive.asked).allMatch(query -> query.contains("`none`"));
  }

  private void refuses(String table, ErrorCode code, String message) {
    assertThatThrownBy(() -> finder.find(table, partitions -> partitions))
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  /** A HiveServer2 that knows some queries' results. */
  private static final class Answers implements HiveSessions, HiveStatements {
    private final Map<String, List<String>> results = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private int closed;

    void answer(String query, String... rows) {
      results.put(query, List.of(rows));
    }

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
    public QueryResult query(String query) throws SQLException {
      asked.add(query);
      List<String> rows = results.get(query);
      if (rows == null) {
        throw new SQLException("FAILED: SemanticException Table not found");
      }
      List<List<String>> cells = rows.stream().map(row -> List.of(row.split("\\|", -1))).toList();
      int columns = cells.isEmpty() ? 1 : cells.get(0).size();
      return new QueryResult(List.of("a", "b", "c").subList(0, columns), cells);
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
