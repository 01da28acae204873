package io.dicm.hive;

/** Opens sessions with one HiveServer2. Safe for use by many threads. */
public interface HiveSessions {
  /**
   * Opens a session.
   *
   * @throws io.dicm.common.error.DicmException {@link io.dicm.common.error.ErrorCode#HIVE_FAILED}
   *     naming the address when HiveServer2 does not answer within the deadline
   */
  HiveStatements open();

  /** The address, for messages. */
  String address();
}
