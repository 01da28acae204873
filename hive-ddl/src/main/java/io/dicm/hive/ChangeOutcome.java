package io.dicm.hive;

import java.sql.SQLException;

/** How a change of Hive's catalog ended. */
sealed interface ChangeOutcome {
  /** The catalog is as it was asked to be. */
  record Done() implements ChangeOutcome {}

  /** The catalog is as it was before. */
  record Failed(SQLException cause) implements ChangeOutcome {}

  /** The change may or may not have taken effect: the catalog could not be read again. */
  record Unknown(SQLException cause) implements ChangeOutcome {}
}
