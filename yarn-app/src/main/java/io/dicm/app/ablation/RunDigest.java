package io.dicm.app.ablation;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.FileDigest;
import io.dicm.trainer.ablation.PlannedRun;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * A digest of all settings that decide a run's result. What decides where and how fast it runs is
 * left out, so that an ablation can be gone on with in another queue or with other containers.
 */
final class RunDigest {
  private static final String OURS = "dicm.";

  /** What decides pictures' vectors and samples. */
  private static final List<String> PREPARING =
      List.of("dicm.input.", "dicm.extract.", "dicm.features.", "dicm.samples.");

  private static final List<String> NOT_DECIDING =
      List.of("dicm.yarn.", "dicm.hive.", "dicm.security.", "dicm.internal.", "dicm.features.");

  private static final Set<String> NOT_DECIDING_KEYS =
      Set.of(
          DicmKeys.WORKSPACE_PATH,
          DicmKeys.RUN_ID,
          DicmKeys.SAMPLES_REDUCERS,
          DicmKeys.EVALUATE_REDUCERS);

  /** How fast vectors and samples are made, and in how many files samples lie. */
  private static final Set<String> NOT_DECIDING_WHEN_PREPARING =
      Set.of(
          DicmKeys.EXTRACT_BATCH_SIZE,
          DicmKeys.EXTRACT_THREADS,
          DicmKeys.EXTRACT_DECODE_THREADS,
          DicmKeys.EXTRACT_GPUS,
          DicmKeys.EXTRACT_DEVICE,
          DicmKeys.EXTRACT_MB_PER_SPLIT,
          DicmKeys.EXTRACT_IMAGES_PER_SPLIT,
          DicmKeys.EXTRACT_MAX_CONCURRENT_MAPS,
          DicmKeys.EXTRACT_REDUCERS,
          DicmKeys.EXTRACT_MAP_MEMORY_MB,
          DicmKeys.EXTRACT_REDUCE_MEMORY_MB,
          DicmKeys.SAMPLES_REDUCERS,
          DicmKeys.SAMPLES_LEASE_SAMPLES);

  private RunDigest() {}

  /**
   * The digest.
   *
   * @param conf the run's
   * @param before whatever else decides, in an order that does not change: digests of the runs that
   *     this one needs, the samples and the checkpoint that it begins with
   */
  static String of(PlannedRun.Work work, Configuration conf, List<String> before) {
    MessageDigest digest = FileDigest.newSha256();
    settings(work, conf)
        .forEach(
            (key, value) -> {
              add(digest, key);
              add(digest, value);
            });
    before.forEach(text -> add(digest, text));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Map<String, String> settings(PlannedRun.Work work, Configuration conf) {
    Map<String, String> settings = new TreeMap<>();
    for (Map.Entry<String, String> entry : conf) {
      String key = entry.getKey();
      if (decides(work, key)) {
        settings.put(key, conf.getTrimmed(key, ""));
      }
    }
    // Hadoop leaves out keys whose value is empty: not set and set to nothing are the same.
    settings.values().removeIf(String::isEmpty);
    return settings;
  }

  private static boolean decides(PlannedRun.Work work, String key) {
    boolean prepares = work == PlannedRun.Work.PREPARE || work == PlannedRun.Work.EARLIER_SAMPLES;
    if (prepares) {
      return key.equals(DicmKeys.RUN_DATE)
          || (PREPARING.stream().anyMatch(key::startsWith)
              && !NOT_DECIDING_WHEN_PREPARING.contains(key));
    }
    // Those of the extraction count through the digest of the run that prepared.
    return key.startsWith(OURS)
        && !key.startsWith("dicm.extract.")
        && NOT_DECIDING.stream().noneMatch(key::startsWith)
        && !NOT_DECIDING_KEYS.contains(key);
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }
}
