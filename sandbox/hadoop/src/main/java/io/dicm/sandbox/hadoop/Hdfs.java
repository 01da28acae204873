package io.dicm.sandbox.hadoop;

import io.dicm.sandbox.control.SandboxDirectory;
import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.SandboxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** A NameNode and a DataNode whose data stays in the sandbox's folder. */
final class Hdfs implements AutoCloseable {
  private static final List<String> OPEN_DIRECTORIES =
      List.of("/tmp", "/tmp/logs", "/user", "/warehouse", "/mr-history/tmp", "/mr-history/done");

  private final MiniDFSCluster cluster;
  private MiniDFSCluster.DataNodeProperties stopped;

  private Hdfs(MiniDFSCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts on the data of the start before, if any, and returns when files can be written. */
  static Hdfs start(
      Configuration configuration, SandboxDirectory directory, SandboxSettings settings)
      throws IOException {
    boolean firstStart = !Files.exists(directory.hdfs().resolve("name-0-1/current/VERSION"));
    MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(configuration)
            .nameNodePort(settings.port(SandboxPort.NAMENODE))
            .nameNodeHttpPort(settings.port(SandboxPort.NAMENODE_WEB))
            .numDataNodes(1)
            .format(firstStart)
            .build();
    cluster.waitActive();
    makeDirectories(cluster.getFileSystem());
    if (settings.security().kerberos()) {
      makeHomes(cluster.getFileSystem());
    }
    return new Hdfs(cluster);
  }

  private static void makeDirectories(FileSystem fileSystem) throws IOException {
    for (String directory : OPEN_DIRECTORIES) {
      fileSystem.mkdirs(new Path(directory));
      fileSystem.setPermission(new Path(directory), new FsPermission((short) 01777));
    }
    fileSystem.mkdirs(fileSystem.getHomeDirectory());
  }

  /** Stops the DataNode: files can neither be written nor read. */
  synchronized void stopDataNode() {
    stopped = cluster.stopDataNode(0);
  }

  /** Starts the stopped DataNode again, with its data; returns when files can be written. */
  synchronized void startDataNode() throws IOException {
    if (!cluster.restartDataNode(stopped)) {
      throw new IOException("the DataNode did not start again");
    }
    cluster.waitActive();
  }

  private static void makeHomes(FileSystem fileSystem) throws IOException {
    for (String guest : Kdc.GUESTS) {
      Path home = new Path("/user", guest);
      fileSystem.mkdirs(home);
      fileSystem.setOwner(home, guest, guest);
      fileSystem.setPermission(home, new FsPermission((short) 0700));
    }
    fileSystem.setPermission(fileSystem.getHomeDirectory(), new FsPermission((short) 0700));
  }

  @Override
  public void close() {
    cluster.shutdown();
  }
}
