package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** An extraction as a process of its own, on a {@link GatedFileSystem}. */
final class ExtractionProcess {
  private ExtractionProcess() {}

  /**
   * @param arguments configuration file, number of the operation to stop before, marker file, file
   *     for the number of operations of an extraction that ended
   */
  public static void main(String[] arguments) throws Exception {
    DicmConfiguration.registerDefaults();
    Configuration conf = new Configuration();
    conf.addResource(Path.of(arguments[0]).toUri().toURL());
    conf.setClass("fs.file.impl", GatedFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    GatedFileSystem.arm(Integer.parseInt(arguments[1]), Path.of(arguments[2]));
    new ExtractJob(conf).run(ProgressListener.NONE);
    Files.writeString(Path.of(arguments[3]), "" + GatedFileSystem.operations());
  }
}
