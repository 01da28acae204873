package io.dicm.sandbox.test;

import io.dicm.sandbox.control.SandboxControl;
import io.dicm.sandbox.control.SandboxDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/** The built sandbox in one folder, commanded as the launcher commands it. */
final class RealSandbox {
  private static final Path HOME = Path.of("../..").toAbsolutePath().normalize();
  private static final Path CONTROL_JAR =
      HOME.resolve("sandbox/control/target/dicm-sandbox-control.jar");

  private final SandboxDirectory directory;

  RealSandbox(Path folder) {
    this.directory = SandboxDirectory.at(folder);
  }

  SandboxDirectory directory() {
    return directory;
  }

  Command.Result run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                CONTROL_JAR.toString(),
                SandboxControl.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--dir", directory.root().toString()));
    return Command.run(Map.of(), command);
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

  /** Ids of all living processes that name the folder in command line or environment. */
  List<Long> processes() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> pid != ProcessHandle.current().pid())
        .filter(pid -> names(pid, "cmdline") || names(pid, "environ"))
        .toList();
  }

  private boolean names(long pid, String file) {
    try {
      byte[] content = Files.readAllBytes(Path.of("/proc", Long.toString(pid), file));
      return new String(content, StandardCharsets.UTF_8).contains(directory.root().toString());
    } catch (IOException e) {
      return false; // Gone, or another user's.
    }
  }
}
