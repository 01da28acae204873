package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class TestHiveStatistics {
  private static final TablePartition FEATURES =
      TablePartition.of(HiveTable.FEATURES, "2026-01-02", new Path("/f"));
  private static final TablePartition CODES =
      TablePartition.of(HiveTable.IMAGE_CODES, "2026-01-02", "r1", new Path("/c"));

  /** Takes statements; refuses or loses those of one table. */
  private static final class Recorder implements HiveSessions, HiveStatements {
    private final List<String> statements = new ArrayList<>();
    private SQLException failure;
    private int closed;

    @Override
    public HiveStatements open() {
      return this;
    }

    @Override
    public String address() {
      return "jdbc:hive2://fake:10000/";
    }

    @Override
    public void execute(String statement) throws SQLException {
      statements.add(statement);
      if (failure != null && statement.contains("features")) {
        throw failure;
      }
    }

    @Override
    public QueryResult query(String query) {
      assertThat(query).isEqualTo("DESCRIBE `shop`.`image_codes`");
      return new QueryResult(
          List.of("col_name", "data_type"),
          List.of(
              List.of("image_id", "string"),
              List.of("image_key", "bigint"),
              List.of("ad_code", "array<float>"),
              List.of("dt", "string"),
              List.of("run", "string"),
              List.of("", "NULL"),
              List.of("# Partition Information", "NULL"),
              List.of("dt", "string"),
              List.of("run", "string")));
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private final Recorder hive = new Recorder();

  @Test
  void rowsAreCountedOfWhatIsNewAndOfTheRun() {
    TablePartition unchanged = FEATURES.at(new Path("/old"));
    RegistrationResult result =
        new RegistrationResult(List.of(FEATURES), List.of(), List.of(unchanged, CODES), List.of());

    assertThat(gather(StatisticsKind.ROWS, result)).isEqualTo(2);
    assertThat(hive.statements)
        .containsExactly(
            "ANALYZE TABLE `shop`.`features` PARTITION (`dt` = '2026-01-02') COMPUTE STATISTICS",
            "ANALYZE TABLE `shop`.`image_codes` PARTITION (`dt` = '2026-01-02', `run` = 'r1')"
                + " COMPUTE STATISTICS");
    assertThat(hive.closed).isEqualTo(1);
  }

  @Test
  void columnsAreThoseThatHiveCanCount() {
    gather(
        StatisticsKind.COLUMNS,
        new RegistrationResult(List.of(CODES), List.of(), List.of(), List.of()));

    assertThat(hive.statements.get(1))
        .endsWith(" COMPUTE STATISTICS FOR COLUMNS `image_id`, `image_key`");
  }

  @Test
  void noneAsksNothing() {
    assertThat(
            gather(
                StatisticsKind.NONE,
                new RegistrationResult(List.of(CODES), List.of(), List.of(), List.of())))
        .isZero();
    assertThat(hive.statements).isEmpty();
  }

  @Test
  void refusedOnesAreLeftOutAndALostServerEndsIt() {
    RegistrationResult result =
        new RegistrationResult(List.of(FEATURES, CODES), List.of(), List.of(), List.of());
    hive.failure = new SQLException("FAILED: SemanticException no such thing");
    assertThat(gather(StatisticsKind.ROWS, result)).isEqualTo(1);

    hive.statements.clear();
    hive.failure = new HiveConnectionLostException(new SQLException("reset"));
    assertThat(gather(StatisticsKind.ROWS, result)).isZero();
    assertThat(hive.statements).hasSize(1);
  }

  private int gather(StatisticsKind kind, RegistrationResult result) {
    return new HiveStatistics(hive, "shop", kind).gather(result);
  }
}
