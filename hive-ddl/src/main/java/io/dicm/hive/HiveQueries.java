package io.dicm.hive;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Runs queries in HiveServer2, each in a session of its own. Safe for use by many threads. */
public final class HiveQueries {
  private final HiveSessions sessions;
  private final String database;

  /**
   * @param database the database of the registered tables
   */
  public HiveQueries(HiveSessions sessions, String database) {
    this.sessions = sessions;
    this.database = HiveText.checkedIdentifier(database);
  }

  /**
   * Runs one HiveQL query.
   *
   * @throws DicmException {@link ErrorCode#HIVE_FAILED} with the address and Hive's reason
   */
  public QueryResult run(String query) {
    try (HiveStatements hive = sessions.open()) {
      return hive.query(query);
    } catch (SQLException e) {
      throw HiveFailures.failed("run a query", sessions.address(), e);
    }
  }

  /** Runs a query that comes with DICM over one run's partitions. */
  public QueryResult run(NamedQuery query, String date, String run) {
    return run(query, Map.of("dt", date, "run", run));
  }

  /** Runs a query that comes with DICM; its variables but {@code database} are given. */
  public QueryResult run(NamedQuery query, Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("database", database);
    return run(query.statement(all));
  }
}
