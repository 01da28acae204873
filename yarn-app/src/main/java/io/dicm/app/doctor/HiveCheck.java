package io.dicm.app.doctor;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.ErrorCode;
import io.dicm.hive.HiveSessions;
import io.dicm.hive.HiveStatements;
import io.dicm.hive.JdbcHiveSessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Whether HiveServer2 lets this user in and answers. */
record HiveCheck(DicmConfiguration conf) implements Check {
  @Override
  public String what() {
    return "Hive";
  }

  /** A HiveServer2 that has just started compiles its first query slowly. */
  @Override
  public Duration limit() {
    return Duration.ofSeconds(40);
  }

  @Override
  public List<Finding> look() {
    if (conf.text(DicmKeys.HIVE_JDBC_URL).isEmpty()) {
      return List.of(
          Finding.ok(what(), DicmKeys.HIVE_JDBC_URL + " is not set: nothing is registered"));
    }
    HiveSessions sessions = JdbcHiveSessions.of(conf);
    try (HiveStatements session = sessions.open()) {
      session.query("SELECT 1");
    } catch (SQLException e) {
      return List.of(
          Finding.failed(
              ErrorCode.HIVE_FAILED,
              what(),
              sessions.address() + " refuses SELECT 1: " + e.getMessage(),
              "Look into HiveServer2's log."));
    }
    return List.of(Finding.ok(what(), sessions.address() + " answers"));
  }
}
