package io.dicm.sandbox.hadoop;

import io.dicm.sandbox.control.LeftoverProcesses;
import io.dicm.sandbox.control.SandboxDirectory;
import io.dicm.sandbox.control.SandboxSettings;
import io.dicm.sandbox.control.ServiceRunner;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * HDFS, YARN and the MapReduce job history server in one process; YARN's containers are processes
 * of their own.
 */
public final class HadoopSandbox implements ServiceRunner.SandboxService {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  private HadoopSandbox() {}

  /** Runs until told to end; arguments as {@link ServiceRunner#run} takes them. */
  public static void main(String[] arguments) {
    ServiceRunner.run("hadoop", new HadoopSandbox(), arguments);
  }

  @Override
  public void start(SandboxDirectory directory, SandboxSettings settings, Duration limit)
      throws Exception {
    if (settings.security().kerberos()) {
      showConfiguration(directory);
      started.push(Kdc.start(directory, settings));
    }
    Configuration configuration = new DaemonConfiguration(directory, settings).create();
    Hdfs hdfs = Hdfs.start(configuration, directory, settings);
    started.push(hdfs);
    Files.writeString(directory.hdfsReadyMark(), "");
    Yarn yarn = Yarn.start(configuration, directory, settings.nodes(), limit);
    started.push(yarn);
    started.push(JobHistory.start(configuration));
    started.push(
        Faults.watch(
            directory.faults(),
            Map.of(
                "stop-datanode", hdfs::stopDataNode,
                "start-datanode", hdfs::startDataNode,
                "stop-last-node", yarn::stopLastNode,
                "restart-resource-manager", yarn::restartResourceManager)));
  }

  /**
   * A NodeManager that fetches files for a container makes a configuration of its own from what is
   * on the class path; without the cluster's own a DataNode with Kerberos would hang up on it.
   */
  private static void showConfiguration(SandboxDirectory directory) throws IOException {
    Thread thread = Thread.currentThread();
    // Threads of the daemons have it from this one, and need it until the process ends.
    thread.setContextClassLoader(
        new URLClassLoader(
            new URL[] {directory.conf().toUri().toURL()}, thread.getContextClassLoader()));
  }

  @Override
  public void stop() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }

  @Override
  public void cleanUp(SandboxDirectory directory) throws Exception {
    new LeftoverProcesses(directory).killAll();
  }
}
