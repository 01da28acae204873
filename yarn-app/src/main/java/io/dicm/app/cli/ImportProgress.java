package io.dicm.app.cli;

import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.importer.ImportSummary;
import java.io.IOException;
import java.io.PrintStream;

/** Shows an import's progress, and takes the bar away however it ends. */
final class ImportProgress {
  private ImportProgress() {}

  /** An import. */
  @FunctionalInterface
  interface Work {
    ImportSummary run(ProgressListener progress) throws IOException, InterruptedException;
  }

  static ImportSummary show(PrintStream err, Work work) throws IOException, InterruptedException {
    return show(ProgressBar.onStandardError(err), work);
  }

  static ImportSummary show(ProgressBar bar, Work work) throws IOException, InterruptedException {
    try {
      return work.run(
          (done, total, note) -> bar.show("import", total <= 0 ? 0 : (float) done / total, note));
    } finally {
      bar.clear();
    }
  }
}
