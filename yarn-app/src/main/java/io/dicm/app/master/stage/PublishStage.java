package io.dicm.app.master.stage;

import io.dicm.app.master.table.RunTables;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;

/** The model's image codes, and what else the run left, to partitions of their tables. */
record PublishStage(StageContext context) implements Stage {
  @Override
  public StageName name() {
    return StageName.PUBLISH;
  }

  @Override
  public StageResult run(ProgressListener progress) throws IOException {
    PipelineSettings settings = context.settings();
    Path model = settings.workspace().model(settings.run());
    if (!DirectoryPublisher.isComplete(context.hadoop(), model)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot publish image codes: there is no complete model " + model + ". Train it first.");
    }
    // The image codes are last: who waits for their _SUCCESS may take the run for published.
    long rows = new RunTables(context.hadoop(), settings).publish(context.extractorId());
    List<FileStatus> codes = ParquetTables.files(context.hadoop(), new Path(model, "image_codes"));
    Path target = settings.workspace().imageCodes(settings.date(), settings.run());
    try (DirectoryPublisher publisher = new DirectoryPublisher(context.hadoop(), target)) {
      for (int done = 0; done < codes.size(); done++) {
        copy(codes.get(done).getPath(), publisher.staging());
        progress.progress(done + 1, codes.size(), "image codes");
      }
      publisher.publish();
    }
    return StageResult.done(
        "%d files of image codes, %d rows of other tables".formatted(codes.size(), rows));
  }

  private void copy(Path file, Path directory) throws IOException {
    Configuration conf = context.hadoop();
    FileSystem from = file.getFileSystem(conf);
    FileSystem to = directory.getFileSystem(conf);
    Path copy = new Path(directory, file.getName());
    if (!FileUtil.copy(from, file, to, copy, false, conf)) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot copy " + file + " to " + copy + ".");
    }
  }
}
