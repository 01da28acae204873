package io.dicm.hive;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session over JDBC. */
final class JdbcHiveStatements implements HiveStatements {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcHiveStatements.class);

  /** HiveServer2 cancels what runs longer. */
  private static final Duration STATEMENT_DEADLINE = Duration.ofMinutes(10);

  private final Connection connection;

  JdbcHiveStatements(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void execute(String statement) throws SQLException {
    try (Statement jdbc = newStatement()) {
      jdbc.execute(statement);
    } catch (SQLException e) {
      throw told(e);
    }
  }

  @Override
  public QueryResult query(String query) throws SQLException {
    try (Statement jdbc = newStatement();
        ResultSet result = jdbc.executeQuery(query)) {
      List<String> columns = columns(result.getMetaData());
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row(result, columns.size()));
      }
      return new QueryResult(columns, rows);
    } catch (SQLException e) {
      throw told(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("Closing a Hive session failed; HiveServer2 ends it by itself", e);
    }
  }

  private Statement newStatement() throws SQLException {
    Statement statement = connection.createStatement();
    statement.setQueryTimeout((int) STATEMENT_DEADLINE.toSeconds());
    return statement;
  }

  private static List<String> columns(ResultSetMetaData metaData) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= metaData.getColumnCount(); i++) {
      String name = metaData.getColumnLabel(i);
      columns.add(name.substring(name.lastIndexOf('.') + 1));
    }
    return columns;
  }

  private static List<String> row(ResultSet result, int columns) throws SQLException {
    List<String> row = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      Object value = result.getObject(i);
      row.add(value == null ? "NULL" : value.toString());
    }
    return row;
  }

  /** The SQL state does not tell: Hive gives 08S01 for refused statements too. */
  private static SQLException told(SQLException e) {
    if (e instanceof SQLTimeoutException) {
      return new HiveConnectionLostException(e);
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof TException) {
        return new HiveConnectionLostException(e);
      }
    }
    return e;
  }
}
