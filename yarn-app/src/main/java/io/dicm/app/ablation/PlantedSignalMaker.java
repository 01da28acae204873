package io.dicm.app.ablation;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Makes the table of vectors that carry the answer, for the positive control. */
@FunctionalInterface
public interface PlantedSignalMaker {
  /**
   * Makes it, replacing an earlier one.
   *
   * @param conf with the settings of the samples
   * @param input the input directory
   * @param samples the samples that variants are trained on
   * @param target of the table
   */
  void make(Configuration conf, Path input, Path samples, Path target)
      throws IOException, InterruptedException;
}
