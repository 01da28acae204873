package io.dicm.sandbox.oozie;

import io.dicm.sandbox.control.SandboxSettings;
import java.io.File;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Oozie's "sharelib": the jars that launchers run from, taken from this process's own class path.
 */
final class LauncherLibrary {
  /** Below the home directory that Oozie's own user has on a real cluster. */
  static final String ROOT = "/user/oozie/share/lib";

  /** Oozie takes the newest folder of this form. */
  private static final String VERSION = "lib_20260101000000";

  /** What a shell action needs; other actions bring more on a real cluster. */
  private static final Pattern NEEDED =
      Pattern.compile(".*/oozie-(sharelib-oozie|fluent-job-api|client)-[^/]*\\.jar");

  private final SandboxSettings settings;

  LauncherLibrary(SandboxSettings settings) {
    this.settings = settings;
  }

  /** Puts them into HDFS in place of those of an earlier start. */
  void upload() throws IOException {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.defaultFS", settings.hdfsUri());
    configuration.set("dfs.replication", "1");
    FileSystem fileSystem = FileSystem.get(configuration);
    Path folder = new Path(ROOT, VERSION + "/oozie");
    fileSystem.delete(folder, true);
    fileSystem.mkdirs(folder);
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (NEEDED.matcher(entry).matches()) {
        fileSystem.copyFromLocalFile(new Path(new File(entry).toURI()), folder);
      }
    }
  }
}
