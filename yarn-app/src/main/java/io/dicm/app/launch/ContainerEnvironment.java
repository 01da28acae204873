package io.dicm.app.launch;

import io.dicm.common.process.ContainerRuntime;
import io.dicm.common.process.NativeOptions;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.MRJobConfig;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.util.StringUtils;
import org.apache.hadoop.yarn.api.ApplicationConstants;
import org.apache.hadoop.yarn.api.ApplicationConstants.Environment;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/**
 * The environment variables of the master's and its containers' processes. The class path is the
 * {@code lib} of the unpacked {@code dicm.jar}, that jar's native libraries, the working folder,
 * then the cluster's own Hadoop: a folder before the jars would be searched for each of their
 * classes.
 */
public final class ContainerEnvironment {
  private final Configuration conf;

  public ContainerEnvironment(Configuration conf) {
    this.conf = conf;
  }

  /** Variables and their values for a process that computes with {@code threads} threads. */
  public Map<String, String> variables(ContainerRuntime runtime, int threads) throws IOException {
    Map<String, String> variables = new TreeMap<>(NativeOptions.environment(threads));
    variables.putAll(runtime.variables());
    variables.put("CLASSPATH", classPath());
    if (!UserGroupInformation.isSecurityEnabled()) {
      variables.put("HADOOP_USER_NAME", UserGroupInformation.getCurrentUser().getShortUserName());
    }
    return variables;
  }

  private String classPath() {
    Set<String> entries = new LinkedHashSet<>();
    String application = Environment.PWD.$$() + "/" + LocalFiles.APPLICATION_FOLDER;
    entries.add(application + "/lib/*");
    entries.add(application);
    entries.add(Environment.PWD.$$());
    entries.add(Environment.HADOOP_CONF_DIR.$$());
    addAll(
        entries,
        conf.getStrings(
            YarnConfiguration.YARN_APPLICATION_CLASSPATH,
            YarnConfiguration.DEFAULT_YARN_CROSS_PLATFORM_APPLICATION_CLASSPATH));
    addAll(
        entries,
        conf.getStrings(
            MRJobConfig.MAPREDUCE_APPLICATION_CLASSPATH,
            StringUtils.getStrings(MRJobConfig.DEFAULT_MAPREDUCE_APPLICATION_CLASSPATH)));
    return String.join(ApplicationConstants.CLASS_PATH_SEPARATOR, entries);
  }

  private static void addAll(Set<String> entries, String[] added) {
    for (String entry : added) {
      if (!entry.isBlank()) {
        entries.add(entry.trim());
      }
    }
  }
}
