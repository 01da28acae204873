package io.dicm.common.error;

/**
 * Every error that a user can meet, with the category that tells who has to act and the exit code
 * that scripts see. The name travels through diagnostics, logs and Hive unchanged.
 */
public enum ErrorCode {
  USAGE(ErrorCategory.USER, ExitCode.USAGE),
  CONFIGURATION_INVALID(ErrorCategory.USER, ExitCode.CONFIGURATION),
  PIPELINE_FILE_INVALID(ErrorCategory.USER, ExitCode.CONFIGURATION),
  FEATURES_JSON_INVALID(ErrorCategory.USER, ExitCode.CONFIGURATION),
  INPUT_MISSING(ErrorCategory.USER, ExitCode.BAD_DATA),
  INPUT_INVALID(ErrorCategory.USER, ExitCode.BAD_DATA),
  BAD_DATA_THRESHOLD_EXCEEDED(ErrorCategory.USER, ExitCode.BAD_DATA),
  WEIGHTS_INVALID(ErrorCategory.USER, ExitCode.CONFIGURATION),
  SCHEMA_MISMATCH(ErrorCategory.USER, ExitCode.BAD_DATA),
  IMAGE_KEY_COLLISION(ErrorCategory.USER, ExitCode.BAD_DATA),
  OUTPUT_EXISTS(ErrorCategory.USER, ExitCode.CONFIGURATION),
  AUTHENTICATION_FAILED(ErrorCategory.ENVIRONMENT, ExitCode.SECURITY),
  NO_RESOURCES(ErrorCategory.ENVIRONMENT, ExitCode.NO_RESOURCES),
  SERVICE_UNAVAILABLE(ErrorCategory.ENVIRONMENT, ExitCode.ENVIRONMENT),
  PORT_IN_USE(ErrorCategory.ENVIRONMENT, ExitCode.ENVIRONMENT),
  STORAGE_FAILED(ErrorCategory.ENVIRONMENT, ExitCode.ENVIRONMENT),
  STORE_CORRUPT(ErrorCategory.ENVIRONMENT, ExitCode.BAD_DATA),
  NATIVE_LIBRARY_UNAVAILABLE(ErrorCategory.ENVIRONMENT, ExitCode.ENVIRONMENT),
  GPU_FAILED(ErrorCategory.ENVIRONMENT, ExitCode.ENVIRONMENT),
  GPU_UNAVAILABLE(ErrorCategory.ENVIRONMENT, ExitCode.ENVIRONMENT),
  HIVE_FAILED(ErrorCategory.ENVIRONMENT, ExitCode.ENVIRONMENT),
  MEMORY_PLAN_TOO_LARGE(ErrorCategory.USER, ExitCode.CONFIGURATION),
  TRAINING_DIVERGED(ErrorCategory.USER, ExitCode.CONFIGURATION),
  WINDOW_TIMED_OUT(ErrorCategory.ENVIRONMENT, ExitCode.APPLICATION_FAILED),
  STALE_EPOCH(ErrorCategory.ENVIRONMENT, ExitCode.APPLICATION_FAILED),
  CONTAINER_FAILED(ErrorCategory.ENVIRONMENT, ExitCode.APPLICATION_FAILED),
  STAGE_FAILED(ErrorCategory.ENVIRONMENT, ExitCode.APPLICATION_FAILED),
  KILLED(ErrorCategory.ENVIRONMENT, ExitCode.KILLED),
  CLIENT_GAVE_UP(ErrorCategory.ENVIRONMENT, ExitCode.CLIENT_GAVE_UP),
  INTERRUPTED(ErrorCategory.ENVIRONMENT, ExitCode.INTERRUPTED),
  INTERNAL(ErrorCategory.INTERNAL, ExitCode.INTERNAL_ERROR);

  private final ErrorCategory category;
  private final ExitCode exitCode;

  ErrorCode(ErrorCategory category, ExitCode exitCode) {
    this.category = category;
    this.exitCode = exitCode;
  }

  /** Who has to act. */
  public ErrorCategory category() {
    return category;
  }

  /** What the process that met it exits with. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
