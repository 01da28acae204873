package io.dicm.it;

import io.dicm.sandbox.control.FolderProcesses;
import io.dicm.sandbox.control.SandboxControl;
import io.dicm.sandbox.control.SandboxDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/** The built sandbox in one folder, commanded as the launcher commands it. */
final class RealSandbox {
  private static final Path HOME = Path.of(System.getProperty("dicm.home"));
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final SandboxDirectory directory;

  RealSandbox(Path folder) {
    this.directory = SandboxDirectory.at(folder);
  }

  SandboxDirectory directory() {
    return directory;
  }

  /** Runs a command of the sandbox; of starts one at a time. */
  CommandResult run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                HOME.resolve("sandbox/control/target/dicm-sandbox-control.jar").toString(),
                SandboxControl.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--dir", directory.root().toString()));
    if (!arguments[0].equals("start")) {
      return await(command);
    }
    try (StartLock unused = StartLock.hold(TARGET)) {
      return await(command);
    }
  }

  private static CommandResult await(List<String> command)
      throws IOException, InterruptedException {
    return CommandProcess.start(command, Map.of(), TARGET.resolve("real-sandbox-commands"))
        .await(LIMIT);
  }

  /** What a client reads that has the sandbox's folder in {@code HADOOP_CONF_DIR}. */
  YarnConfiguration clientConfiguration() {
    YarnConfiguration configuration = new YarnConfiguration();
    for (String site :
        List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml", "mapred-site.xml")) {
      configuration.addResource(
          new org.apache.hadoop.fs.Path(directory.conf().resolve(site).toUri()));
    }
    // Each start of the sandbox is another cluster at the same address.
    configuration.setBoolean("fs.hdfs.impl.disable.cache", true);
    return configuration;
  }

  /** IDs of its living processes. */
  List<Long> processes() {
    return new FolderProcesses(directory.root()).ids();
  }
}
