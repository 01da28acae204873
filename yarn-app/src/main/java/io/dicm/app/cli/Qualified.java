package io.dicm.app.cli;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Paths as containers need them: with scheme, authority and all folders. */
final class Qualified {
  private Qualified() {}

  static PipelineSettings settings(Configuration conf, PipelineSettings settings)
      throws IOException {
    Path input = settings.input() == null ? null : path(conf, settings.input());
    return new PipelineSettings(
        settings.name(),
        input,
        new Workspace(path(conf, settings.workspace().root())),
        settings.date(),
        settings.run(),
        settings.stages());
  }

  static Path path(Configuration conf, Path path) throws IOException {
    return path.getFileSystem(conf).makeQualified(path);
  }
}
