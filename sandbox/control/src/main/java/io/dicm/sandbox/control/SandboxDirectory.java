package io.dicm.sandbox.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one sandbox: where everything in it lies.
 *
 * @param root absolute, without links, so that it can be compared with paths that processes show
 */
public record SandboxDirectory(Path root) {

  /** The sandbox in this folder, which need not exist yet. */
  public static SandboxDirectory at(Path path) {
    return new SandboxDirectory(withoutLinks(path.toAbsolutePath().normalize()));
  }

  /** Ports and sizes, written by the first start. */
  public Path settingsFile() {
    return root.resolve("sandbox.properties");
  }

  /** Client configuration: what {@code HADOOP_CONF_DIR} names. */
  public Path conf() {
    return root.resolve("conf");
  }

  /** Commands as a node's distribution has them, for Oozie's shell actions. */
  public Path bin() {
    return root.resolve("bin");
  }

  /** One log a process. */
  public Path logs() {
    return root.resolve("logs");
  }

  /** Process ids and readiness marks. */
  public Path run() {
    return root.resolve("run");
  }

  /** Is there while every process of the sandbox is up, or was until it ended by itself. */
  public Path startedMark() {
    return run().resolve("started");
  }

  /** Is there once HDFS can be written; its port opens earlier, while it is still in safe mode. */
  public Path hdfsReadyMark() {
    return run().resolve("hdfs.ready");
  }

  /**
   * Where tests ask the daemons for faults, by files with their names; not there unless a test
   * makes it.
   */
  public Path faults() {
    return run().resolve("faults");
  }

  /** The NameNode's and the DataNode's data. */
  public Path hdfs() {
    return root.resolve("hdfs");
  }

  /** YARN's local folders and container logs; kept only while it runs. */
  public Path yarn() {
    return root.resolve("yarn");
  }

  /** The Derby metastore and HiveServer2's scratch space. */
  public Path hive() {
    return root.resolve("hive");
  }

  /** Oozie's configuration and its Derby database. */
  public Path oozie() {
    return root.resolve("oozie");
  }

  /** What Kerberos needs: krb5.conf, and a keytab a principal, for their owner alone. */
  public Path security() {
    return root.resolve("security");
  }

  /** Where Kerberos clients find the sandbox's Kerberos server; not there without one. */
  public Path kerberosConfiguration() {
    return security().resolve("krb5.conf");
  }

  /** The keytab of a principal of that name. */
  public Path keytab(String name) {
    return security().resolve(name + ".keytab");
  }

  /** Scratch space of clients, such as what {@code yarn jar} unpacks. */
  public Path tmp() {
    return root.resolve("tmp");
  }

  /** Whether a sandbox was started here before. */
  public boolean exists() {
    return Files.isRegularFile(settingsFile());
  }

  /**
   * Makes the folders, open to their owner alone.
   *
   * @throws SandboxException when the folder holds something else than a sandbox: {@code --fresh}
   *     would delete in it
   */
  void create() throws IOException, SandboxException {
    if (!exists() && !isEmptyOrMissing()) {
      throw SandboxException.environment(
          "Cannot use %s for a sandbox: it has files in it, but no sandbox. Name an empty or a new folder with --dir."
              .formatted(root));
    }
    Files.createDirectories(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    for (Path folder : List.of(conf(), logs(), run(), hdfs(), hive(), oozie(), tmp())) {
      Files.createDirectories(folder);
    }
  }

  /**
   * Deletes HDFS, YARN's folders, the metastore, Oozie's jobs, and the settings, so that the next
   * start begins from nothing.
   */
  void wipe() throws IOException {
    for (Path folder : List.of(hdfs(), yarn(), hive(), oozie(), tmp(), conf(), bin(), security())) {
      delete(folder);
    }
    Files.deleteIfExists(settingsFile());
  }

  /** Deletes a folder and all in it, if there; links are not followed. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  private boolean isEmptyOrMissing() throws IOException {
    if (!Files.exists(root)) {
      return true;
    }
    // Left by a start that failed before it came to the settings.
    List<Path> ours =
        List.of(conf(), bin(), logs(), run(), hdfs(), yarn(), hive(), oozie(), tmp(), security());
    try (Stream<Path> entries = Files.list(root)) {
      return entries.allMatch(ours::contains);
    }
  }

  private static Path withoutLinks(Path path) {
    Path parent = path.getParent();
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return parent == null
          ? path
          : withoutLinks(parent).resolve(path.getFileName()); // Not there yet.
    }
  }
}
