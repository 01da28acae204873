package io.dicm.app.launch;

import io.dicm.common.process.ContainerRuntime;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.LocalResource;
import org.apache.hadoop.yarn.api.records.LocalResourceType;
import org.apache.hadoop.yarn.api.records.LocalResourceVisibility;
import org.apache.hadoop.yarn.api.records.URL;

/**
 * The files that YARN puts into the working folder of the master and of every container.
 *
 * <p>The application is an archive of private visibility, as MapReduce makes it from the same file:
 * so a node unpacks it once for all containers and map tasks of a user.
 */
public final class LocalFiles {
  /** The folder, below a container's working folder, into which {@code dicm.jar} is unpacked. */
  public static final String APPLICATION_FOLDER = "dicm";

  /** The file, in a container's working folder, with the application's configuration. */
  public static final String CONFIGURATION_FILE = "dicm-application.xml";

  /** The master's copy of the user's keytab, in its working folder, where it renews tokens. */
  public static final String KEYTAB_FILE = "dicm.keytab";

  private final Configuration conf;

  public LocalFiles(Configuration conf) {
    this.conf = conf;
  }

  /** Resources by the name under which they appear. */
  public Map<String, LocalResource> resources(Path applicationJar, Path configuration)
      throws IOException {
    return Map.of(
        APPLICATION_FOLDER,
        resource(applicationJar, LocalResourceType.ARCHIVE, LocalResourceVisibility.PRIVATE),
        CONFIGURATION_FILE,
        resource(configuration, LocalResourceType.FILE, LocalResourceVisibility.APPLICATION));
  }

  /**
   * What a runtime needs beside them; none where Java is on the nodes. A node unpacks it once for a
   * user, and once more for MapReduce where everybody may read the file.
   */
  public Map<String, LocalResource> of(ContainerRuntime runtime) throws IOException {
    if (runtime.jdkArchive().isEmpty()) {
      return Map.of();
    }
    return Map.of(
        ContainerRuntime.JDK_FOLDER,
        resource(
            runtime.jdkArchive().get(),
            LocalResourceType.ARCHIVE,
            LocalResourceVisibility.PRIVATE));
  }

  /** A file that this application alone sees. */
  public LocalResource ofApplication(Path file) throws IOException {
    return resource(file, LocalResourceType.FILE, LocalResourceVisibility.APPLICATION);
  }

  private LocalResource resource(
      Path file, LocalResourceType type, LocalResourceVisibility visibility) throws IOException {
    FileSystem fs = file.getFileSystem(conf);
    FileStatus status = fs.getFileStatus(file);
    return LocalResource.newInstance(
        URL.fromPath(fs.makeQualified(file)),
        type,
        visibility,
        status.getLen(),
        status.getModificationTime());
  }
}
