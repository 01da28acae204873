package io.dicm.common.error;

/** Who has to act on an error. */
public enum ErrorCategory {
  /** The input, the command line or the configuration is wrong; running again changes nothing. */
  USER,
  /** The cluster, the network or another service failed; running again may succeed. */
  ENVIRONMENT,
  /** A defect of this software. */
  INTERNAL
}
