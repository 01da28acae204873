package io.dicm.app.client;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.hive.HiveStatements;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.api.records.QueueState;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * What can be known to fail is said before anything is started: one sentence, the right exit code.
 */
public final class SubmissionChecks {
  private static final int MOST_MB = 1 << 24;
  private static final int MOST_VCORES = 1 << 16;

  private final DicmConfiguration conf;
  private final PipelineSettings settings;

  public SubmissionChecks(DicmConfiguration conf, PipelineSettings settings) {
    this.conf = conf;
    this.settings = settings;
  }

  /** Input and workspace. */
  public void checkFiles() throws IOException {
    if (settings.runs(StageName.EXTRACT)) {
      requireDirectory(layout().images(), "the image folder");
    }
    if (settings.runs(StageName.SAMPLES)) {
      requireFile(layout().items());
      requireFile(layout().impressions());
    }
    if (settings.runs(StageName.SAMPLES)
        || settings.runs(StageName.TRAIN)
        || settings.runs(StageName.PREDICT)) {
      FeatureSchema.read(conf.hadoop(), layout().features());
    }
    requireWritable(settings.workspace().root());
  }

  /** HiveServer2, when something will be registered. */
  public void checkHive() {
    if (!settings.runs(StageName.REGISTER) || conf.text(DicmKeys.HIVE_JDBC_URL).isEmpty()) {
      return;
    }
    try (HiveStatements session = JdbcHiveSessions.of(conf).open()) {
      session.query("SELECT 1");
    } catch (SQLException e) {
      throw new DicmException(
          ErrorCode.HIVE_FAILED, "Cannot use HiveServer2: " + e.getMessage() + ".", e);
    }
  }

  /** The queue. */
  public void checkQueue(YarnClient yarn) throws IOException {
    String queue = conf.required(DicmKeys.YARN_QUEUE);
    QueueInfo info;
    try {
      info = yarn.getQueueInfo(queue);
    } catch (YarnException e) {
      throw noQueue(queue, "there is no such queue", e);
    }
    if (info == null) {
      throw noQueue(queue, "there is no such queue", null);
    }
    if (info.getQueueState() == QueueState.STOPPED) {
      throw noQueue(queue, "it is stopped", null);
    }
  }

  /**
   * Every container against the largest that the cluster gives.
   *
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} with both numbers
   */
  public void checkContainers(Resource maximum) {
    for (Asked asked : asked()) {
      if (asked.memoryMb > maximum.getMemorySize()) {
        throw tooLarge(asked.key, asked.memoryMb + " MiB", maximum.getMemorySize() + " MiB");
      }
      if (asked.vcores > maximum.getVirtualCores()) {
        throw tooLarge(
            asked.vcoresKey, asked.vcores + " vcores", maximum.getVirtualCores() + " vcores");
      }
    }
  }

  private record Asked(String key, int memoryMb, String vcoresKey, int vcores) {}

  private List<Asked> asked() {
    List<Asked> asked = new ArrayList<>();
    asked.add(asked(DicmKeys.YARN_MASTER_MEMORY_MB, null));
    if (settings.runs(StageName.EXTRACT)) {
      asked.add(asked(DicmKeys.EXTRACT_MAP_MEMORY_MB, DicmKeys.EXTRACT_THREADS));
    }
    if (settings.runs(StageName.TRAIN)) {
      asked.add(asked(DicmKeys.YARN_SERVER_MEMORY_MB, DicmKeys.YARN_SERVER_VCORES));
      asked.add(asked(DicmKeys.YARN_WORKER_MEMORY_MB, DicmKeys.YARN_WORKER_VCORES));
    }
    if (settings.runs(StageName.PREDICT)) {
      asked.add(asked(DicmKeys.YARN_PREDICTOR_MEMORY_MB, DicmKeys.YARN_WORKER_VCORES));
    }
    return asked;
  }

  private Asked asked(String memoryKey, String vcoresKey) {
    int memoryMb = conf.integer(memoryKey, 1, MOST_MB);
    int vcores = vcoresKey == null ? 1 : conf.integer(vcoresKey, 1, MOST_VCORES);
    if (!memoryKey.equals(DicmKeys.EXTRACT_MAP_MEMORY_MB)) {
      ContainerMemory.of(
          "container of " + memoryKey,
          memoryMb,
          conf.number(DicmKeys.YARN_HEAP_FRACTION, 0.05, 0.95));
    }
    return new Asked(memoryKey, memoryMb, vcoresKey, vcores);
  }

  private static DicmException tooLarge(String key, String asked, String most) {
    return new DicmException(
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "Cannot submit: %s asks for containers of %s, the cluster's largest are %s."
            .formatted(key, asked, most));
  }

  private static DicmException noQueue(String queue, String why, Exception cause) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot submit to queue '%s' (%s): %s.".formatted(queue, DicmKeys.YARN_QUEUE, why),
        cause);
  }

  private InputLayout layout() {
    return new InputLayout(settings.input());
  }

  private void requireDirectory(Path path, String what) throws IOException {
    FileSystem fs = path.getFileSystem(conf.hadoop());
    if (!fs.exists(path) || !fs.getFileStatus(path).isDirectory()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot run: " + what + " " + path + " is not there.");
    }
  }

  private void requireFile(Path path) throws IOException {
    if (!path.getFileSystem(conf.hadoop()).exists(path)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot run: the file " + path + " is not there.");
    }
  }

  private void requireWritable(Path workspace) throws IOException {
    FileSystem fs = workspace.getFileSystem(conf.hadoop());
    try {
      fs.mkdirs(workspace);
      fs.access(workspace, FsAction.READ_WRITE);
    } catch (AccessControlException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot write to the workspace %s: %s."
              .formatted(workspace, e.getMessage().lines().findFirst().orElse("no permission")),
          e);
    }
  }
}
