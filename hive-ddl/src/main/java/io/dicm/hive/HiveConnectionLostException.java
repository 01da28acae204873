package io.dicm.hive;

import java.sql.SQLException;

/** The connection broke or timed out during a statement: its outcome is unknown. */
public final class HiveConnectionLostException extends SQLException {
  public HiveConnectionLostException(SQLException cause) {
    super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
  }
}
