package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.sample.SampleManifest;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Fails a job that left out too many rows; their list is kept where the message says. */
final class BadRowLimit {
  private final Configuration conf;
  private final double maxBadFraction;

  BadRowLimit(Configuration conf, double maxBadFraction) {
    this.conf = conf;
    this.maxBadFraction = maxBadFraction;
  }

  /**
   * @throws DicmException {@link ErrorCode#BAD_DATA_THRESHOLD_EXCEEDED}
   */
  void check(SampleManifest manifest, Path staging, Path target) throws IOException {
    long bad = manifest.rejects().values().stream().mapToLong(Long::longValue).sum();
    if (bad <= maxBadFraction * manifest.rowsRead()) {
      return;
    }
    String reasons =
        manifest.rejects().entrySet().stream()
            .map(reason -> reason.getKey() + " " + reason.getValue())
            .collect(Collectors.joining(", "));
    throw new DicmException(
        ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED,
        String.format(
            Locale.ROOT,
            "Cannot use the input: %d of %d rows were bad (%s), allowed is a fraction of %s"
                + " (%s). The rows are listed in %s.",
            bad,
            manifest.rowsRead(),
            reasons,
            maxBadFraction,
            DicmKeys.INPUT_MAX_BAD_FRACTION,
            keepList(staging, target)));
  }

  private Path keepList(Path staging, Path target) throws IOException {
    FileSystem fs = staging.getFileSystem(conf);
    Path kept = new Path(target.getParent(), "_rejects-" + target.getName());
    fs.delete(kept, true);
    if (!fs.rename(new Path(staging, RejectsFile.DIRECTORY), kept)) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot write " + kept + ": the file system refused.");
    }
    return kept;
  }
}
