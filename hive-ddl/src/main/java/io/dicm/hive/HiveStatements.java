package io.dicm.hive;

import java.sql.SQLException;

/** An open session with HiveServer2. Not safe for use by many threads. */
public interface HiveStatements extends AutoCloseable {
  /**
   * Runs a statement that returns no rows.
   *
   * @throws HiveConnectionLostException when it is unknown whether the statement took effect
   * @throws SQLException when HiveServer2 refused it
   */
  void execute(String statement) throws SQLException;

  /** Runs a query and reads all its rows; errors as {@link #execute}. */
  QueryResult query(String query) throws SQLException;

  /** Ends the session; never fails. */
  @Override
  void close();
}
