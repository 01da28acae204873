package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.ExtractDevice;
import io.dicm.feature.store.Verification;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/**
 * What the client of the job needs to know.
 *
 * @param workspace where the partition is published
 * @param date day of the partition, YYYY-MM-DD
 * @param maxBadFraction largest fraction of rejected images, 0 to 1
 * @param splitPlan number of map tasks
 * @param reducers reduce tasks
 * @param threads compute threads of a map task
 * @param batchSize pictures of a forward pass
 * @param gpus GPUs of a map task
 * @param mapMemoryMb container memory of a map task, MiB
 * @param reduceMemoryMb container memory of a reduce task, MiB
 * @param limits the limits that decide which images are rejected for good; time is none of them,
 *     since what was too slow is tried again anyway
 * @param sinceMs files modified before are not read, milliseconds since 1970 UTC
 * @param verification what is checked of the store's files
 * @param tombstones file of image_ids to forget; none: empty
 */
record ExtractSettings(
    Workspace workspace,
    String date,
    double maxBadFraction,
    SplitPlan splitPlan,
    int reducers,
    int threads,
    int batchSize,
    int gpus,
    int mapMemoryMb,
    int reduceMemoryMb,
    String limits,
    long sinceMs,
    Verification verification,
    String tombstones) {
  /** Largest batch, of which preprocessed pictures alone are 600 MiB. */
  static final int MOST_IN_BATCH = 1024;

  private static final int MOST_MEMORY_MB = 1 << 20;
  private static final int MOST_TASKS = 100_000;
  private static final int MOST_GPUS = 64;
  private static final int MOST_REDUCERS = 1024;

  static ExtractSettings of(DicmConfiguration settings) {
    ExtractDevice.check(settings);
    return new ExtractSettings(
        new Workspace(settings.path(DicmKeys.WORKSPACE_PATH)),
        day(DicmKeys.RUN_DATE, settings.required(DicmKeys.RUN_DATE)).toString(),
        settings.number(DicmKeys.INPUT_MAX_BAD_FRACTION, 0, 1),
        SplitPlan.of(settings),
        settings.integer(DicmKeys.EXTRACT_REDUCERS, 1, MOST_REDUCERS),
        settings.integer(DicmKeys.EXTRACT_THREADS, 1, MOST_TASKS),
        settings.integer(DicmKeys.EXTRACT_BATCH_SIZE, 1, MOST_IN_BATCH),
        settings.integer(DicmKeys.EXTRACT_GPUS, 0, MOST_GPUS),
        settings.integer(DicmKeys.EXTRACT_MAP_MEMORY_MB, 1, MOST_MEMORY_MB),
        settings.integer(DicmKeys.EXTRACT_REDUCE_MEMORY_MB, 1, MOST_MEMORY_MB),
        settings.nonNegativeLong(DicmKeys.EXTRACT_MAX_IMAGE_BYTES)
            + " bytes, "
            + settings.nonNegativeLong(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS)
            + " pixels",
        since(settings.text(DicmKeys.EXTRACT_SINCE)),
        settings.choice(DicmKeys.FEATURES_VERIFY, Verification.class),
        settings.text(DicmKeys.FEATURES_TOMBSTONES));
  }

  private static long since(String text) {
    return text.isEmpty()
        ? Long.MIN_VALUE
        : day(DicmKeys.EXTRACT_SINCE, text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  private static LocalDate day(String key, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use " + key + ": was '" + text + "', allowed is YYYY-MM-DD.",
          e);
    }
  }
}
