package io.dicm.sandbox.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes what a node of a real cluster has from its distribution and Oozie's shell actions call:
 * the commands {@code yarn jar} and {@code hadoop fs}.
 */
final class ClientCommands {
  private final SandboxDirectory directory;
  private final Path hadoopLibraries;

  ClientCommands(SandboxDirectory directory, Path hadoopLibraries) {
    this.directory = directory;
    this.hadoopLibraries = hadoopLibraries;
  }

  void write() throws IOException {
    Files.createDirectories(directory.bin());
    command("yarn", "jar", "org.apache.hadoop.util.RunJar");
    command("hadoop", "fs", "org.apache.hadoop.fs.FsShell");
  }

  private void command(String name, String argument, String mainClass) throws IOException {
    Path file = directory.bin().resolve(name);
    Files.writeString(
        file,
        """
        #!/bin/sh
        # '%1$s %2$s' as a distribution has it, for this sandbox.
        if [ "$1" != %2$s ]; then
          echo "Cannot run %1$s $1: the sandbox has %1$s %2$s alone." >&2
          exit 2
        fi
        shift
        exec "${JAVA_HOME:?}/bin/java" -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \\
          -cp "${HADOOP_CONF_DIR:-%3$s}:%4$s/*" %5$s "$@"
        """
            .formatted(name, argument, directory.conf(), hadoopLibraries, mainClass));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
