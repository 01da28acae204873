package io.dicm.app.master.stage;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.job.ExtractJob;
import io.dicm.feature.job.ExtractSummary;
import java.io.IOException;

/** Pictures to vectors, by MapReduce. */
record ExtractStage(StageContext context) implements Stage {
  @Override
  public StageName name() {
    return StageName.EXTRACT;
  }

  @Override
  public StageResult run(ProgressListener progress) throws IOException, InterruptedException {
    ExtractSummary summary =
        new ExtractJob(context.hadoop(), context.jobs(name().label())).run(progress);
    if (summary.alreadyThere()) {
      return StageResult.skipped(
          "%d vectors are there already, no picture is new".formatted(summary.images())
              + weights(summary));
    }
    return StageResult.done(
        "%d pictures extracted, %d reused, %d rejected, %d lost with damaged files"
                .formatted(
                    summary.extracted(), summary.reused(), summary.rejected(), summary.lost())
            + weights(summary));
  }

  /** Results on random weights look like others: the terminal and the table of runs tell. */
  private static String weights(ExtractSummary summary) {
    return summary.randomWeights() ? "; " + ExtractSummary.RANDOM_WEIGHTS : "";
  }
}
