package io.dicm.it;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.hive.HiveConnectionLostException;
import io.dicm.hive.HiveSessions;
import io.dicm.hive.HiveStatements;
import io.dicm.hive.QueryResult;
import java.sql.SQLException;

/**
 * Sessions with a real HiveServer2 that is not there any more after some statements: the last of
 * them takes effect, but its answer does not arrive.
 */
final class CutSessions implements HiveSessions {
  private final HiveSessions real;
  private int left;

  /**
   * @param statements that arrive, the one without an answer included
   */
  CutSessions(HiveSessions real, int statements) {
    this.real = real;
    this.left = statements;
  }

  /** Whether all statements so far had an answer. */
  boolean isWhole() {
    return left > 0;
  }

  @Override
  public String address() {
    return real.address();
  }

  @Override
  public HiveStatements open() {
    if (left <= 0) {
      throw new DicmException(ErrorCode.HIVE_FAILED, "Cannot connect to HiveServer2: cut.");
    }
    HiveStatements session = real.open();
    return new HiveStatements() {
      @Override
      public void execute(String statement) throws SQLException {
        arrive();
        session.execute(statement);
        answer();
      }

      @Override
      public QueryResult query(String query) throws SQLException {
        arrive();
        QueryResult result = session.query(query);
        answer();
        return result;
      }

      @Override
      public void close() {
        session.close();
      }
    };
  }

  private void arrive() throws SQLException {
    if (left <= 0) {
      throw new HiveConnectionLostException(new SQLException("cut"));
    }
  }

  private void answer() throws SQLException {
    if (--left == 0) {
      throw new HiveConnectionLostException(new SQLException("cut"));
    }
  }
}
