package io.dicm.app.master.table;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.trainer.predict.PredictionWorker;
import io.dicm.trainer.predict.TowerTable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The tables {@code user_vectors} and {@code item_vectors}, which predictors of a model with towers
 * have written beside their predictions.
 *
 * @param conf for the file system
 * @param settings which run
 */
public record VectorTables(Configuration conf, PipelineSettings settings) {
  /**
   * Publishes both, or removes those of an earlier run of this name where there are none now.
   *
   * @param predictions directory that the predictors have filled; nothing of vectors is left in it
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when the file system refuses a rename
   */
  public void publish(Path predictions) throws IOException {
    for (TowerTable table : TowerTable.values()) {
      publish(PredictionWorker.vectors(predictions, table), partition(table));
    }
    Path all = PredictionWorker.vectors(predictions);
    all.getFileSystem(conf).delete(all, true);
  }

  private void publish(Path written, Path target) throws IOException {
    FileSystem fs = target.getFileSystem(conf);
    if (!fs.exists(written)) {
      fs.delete(target, true);
      return;
    }
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      for (FileStatus file : ParquetTables.files(conf, written)) {
        Path moved = new Path(publisher.staging(), file.getPath().getName());
        if (!fs.rename(file.getPath(), moved)) {
          throw new DicmException(
              ErrorCode.STORAGE_FAILED,
              "Cannot rename %s to %s: the file system refused.".formatted(file.getPath(), moved));
        }
      }
      publisher.publish();
    }
  }

  private Path partition(TowerTable table) {
    Workspace workspace = settings.workspace();
    return switch (table) {
      case USERS -> workspace.userVectors(settings.date(), settings.run());
      case ITEMS -> workspace.itemVectors(settings.date(), settings.run());
    };
  }
}
