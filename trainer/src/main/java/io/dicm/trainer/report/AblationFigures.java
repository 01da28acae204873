package io.dicm.trainer.report;

import io.dicm.common.layout.Workspace;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** placeholder. */
record AblationFigures() {
  static AblationFigures read(Configuration conf, Workspace workspace, String name)
      throws IOException {
    return new AblationFigures();
  }
}
