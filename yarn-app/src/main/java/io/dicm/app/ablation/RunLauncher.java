package io.dicm.app.ablation;

import io.dicm.app.pipeline.PipelineSettings;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Runs one application to its end. Called by many threads. */
@FunctionalInterface
public interface RunLauncher {
  /**
   * Submits and follows it.
   *
   * @param conf of this application alone
   * @throws io.dicm.common.error.DicmException why it was refused, or failed
   */
  void run(Configuration conf, PipelineSettings settings)
      throws IOException, YarnException, InterruptedException;
}
