package io.dicm.app.launch;

import io.dicm.common.config.DicmConfiguration;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/**
 * The client's configuration on its way into the containers: a file beside the process, not
 * environment variables. Defaults stay behind; each process takes them from its own jars.
 */
public final class ContainerConfiguration {
  private ContainerConfiguration() {}

  /** Writes every value that is not a default. */
  public static void write(Configuration conf, Path file) throws IOException {
    Configuration site = new Configuration(false);
    for (Map.Entry<String, String> entry : conf) {
      if (!isDefault(conf, entry.getKey())) {
        site.set(entry.getKey(), entry.getValue());
      }
    }
    FileSystem fs = file.getFileSystem(conf);
    try (OutputStream out = fs.create(file, true)) {
      site.writeXml(out);
    }
  }

  /** In a container: the configuration that the client wrote, over the defaults. */
  public static Configuration load() {
    DicmConfiguration.registerDefaults();
    Configuration conf = new YarnConfiguration();
    conf.addResource(new Path(new java.io.File(LocalFiles.CONFIGURATION_FILE).toURI()));
    UserGroupInformation.setConfiguration(conf);
    return conf;
  }

  private static boolean isDefault(Configuration conf, String key) {
    String[] sources = conf.getPropertySources(key);
    return sources != null
        && sources.length > 0
        && sources[sources.length - 1].endsWith("-default.xml");
  }
}
