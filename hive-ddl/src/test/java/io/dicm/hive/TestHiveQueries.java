package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestHiveQueries {
  /** Answers every query alike, or refuses it. */
  private static final class OneAnswer implements HiveSessions, HiveStatements {
    private final List<String> queries = new ArrayList<>();
    private final SQLException refusal;
    private boolean closed;

    OneAnswer(SQLException refusal) {
      this.refusal = refusal;
    }

    @Override
    public HiveStatements open() {
      return this;
    }

    @Override
    public String address() {
      return "jdbc:hive2://fake:10000/";
    }

    @Override
    public void execute(String statement) {
      throw new UnsupportedOperationException(statement);
    }

    @Override
    public QueryResult query(String query) throws SQLException {
      queries.add(query);
      if (refusal != null) {
        throw refusal;
      }
      return new QueryResult(List.of("n"), List.of(List.of("1")));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @ParameterizedTest
  @EnumSource(NamedQuery.class)
  void namedQueriesAreOneStatementWithoutVariables(NamedQuery query) {
    OneAnswer hive = new OneAnswer(null);

    new HiveQueries(hive, "shop")
        .run(
            query,
            Map.of(
                "dt",
                "2026-01-02",
                "run",
                "r1",
                "image",
                "it's",
                "from_dt",
                "2026-01-01",
                "from_run",
                "r0",
                "user",
                "ann"));

    assertThat(hive.queries)
        .singleElement()
        .asString()
        .contains("`shop`.`", "'2026-01-02'")
        .doesNotContain("${", ";", "--");
    assertThat(hive.closed).isTrue();
  }

  @ParameterizedTest
  @EnumSource(NamedQuery.class)
  void documentHasEveryQuery(NamedQuery query) throws IOException {
    Path document = Path.of(System.getProperty("basedir", "."), "..", "docs", "queries.md");

    assertThat(Files.readString(document)).contains(query.title(), query.text());
  }

  @Test
  void valuesAreEscaped() {
    OneAnswer hive = new OneAnswer(null);

    new HiveQueries(hive, "shop").run(NamedQuery.METRICS, "2026-01-02", "x' OR '1'='1");

    assertThat(hive.queries.get(0)).contains("run = 'x\\' OR \\'1\\'=\\'1'");
  }

  @Test
  void missingVariableIsNamed() {
    HiveQueries queries = new HiveQueries(new OneAnswer(null), "shop");

    assertThatThrownBy(() -> queries.run(NamedQuery.NEIGHBORS, "2026-01-02", "r1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("queries/neighbors.hql needs a value for image");
  }

  @Test
  void refusalIsOneSentence() {
    OneAnswer hive =
        new OneAnswer(
            new SQLException(
                "Error while compiling statement: FAILED: SemanticException [Error 10001]: Line 1:14"
                    + " Table not found 'nothing'\nmore"));

    assertThatThrownBy(() -> new HiveQueries(hive, "shop").run("SELECT * FROM nothing"))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot run a query in Hive at jdbc:hive2://fake:10000/: SemanticException [Error"
                + " 10001]: Line 1:14 Table not found 'nothing'.")
        .matches(e -> ((DicmException) e).code() == ErrorCode.HIVE_FAILED);
    assertThat(hive.closed).isTrue();
  }
}
