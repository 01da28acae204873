package io.dicm.app.master.history;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run's directory in the table {@code runs}: a row a stage, and the whole as JSON. */
public final class RunFiles {
  /** The whole run, as {@link RunSnapshot}; hidden by its name from Hive. */
  public static final String HISTORY_FILE = "_history.json";

  private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message run_stage {
            required binary stage (UTF8);
            required binary state (UTF8);
            required int64 started_at;
            required int64 finished_at;
            required int64 duration_ms;
            required binary detail (UTF8);
          }
          """);

  private final Configuration conf;

  public RunFiles(Configuration conf) {
    this.conf = conf;
  }

  /**
   * Publishes what an application did for a run. What earlier applications published stays, but for
   * the stages that this one has begun: so a run made by several commands has all its rows.
   *
   * @return the run as published
   */
  public RunSnapshot publish(RunSnapshot application, Path directory) throws IOException {
    RunSnapshot run = earlier(directory).map(application::over).orElse(application);
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, directory)) {
      Path rows = new Path(publisher.staging(), "part-0.parquet");
      try (ParquetTableWriter<StageRecord> writer =
          new ParquetTableWriter<>(conf, rows, SCHEMA, RunFiles::write)) {
        for (StageRecord stage : run.stages()) {
          writer.write(stage);
        }
      }
      new JsonFiles(conf).write(new Path(publisher.staging(), HISTORY_FILE), run);
      publisher.publish();
    }
    return run;
  }

  /** Reads the JSON of a published run. */
  public RunSnapshot read(Path directory) {
    return new JsonFiles(conf)
        .read(new Path(directory, HISTORY_FILE), RunSnapshot.class, ErrorCode.INPUT_MISSING);
  }

  private Optional<RunSnapshot> earlier(Path directory) throws IOException {
    if (!DirectoryPublisher.isComplete(conf, directory)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(directory));
    } catch (DicmException e) {
      if (e.code() == ErrorCode.STORAGE_FAILED) {
        throw e; // The file may be well: its rows must not be lost for a fault that passes.
      }
      LOG.warn("The history so far is left behind: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static void write(RecordConsumer out, StageRecord stage) {
    RowFields.string(out, "stage", 0, stage.stage());
    RowFields.string(out, "state", 1, stage.state().name());
    RowFields.int64(out, "started_at", 2, stage.startedAtMs());
    RowFields.int64(out, "finished_at", 3, stage.finishedAtMs());
    RowFields.int64(out, "duration_ms", 4, stage.tookMs());
    RowFields.string(out, "detail", 5, stage.detail());
  }
}
