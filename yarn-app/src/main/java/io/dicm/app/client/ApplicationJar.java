package io.dicm.app.client;

import io.dicm.app.launch.InternalKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Finds the {@code dicm.jar} that this program was started from: as {@code yarn jar} has it on the
 * class path, or beside the jar of our classes.
 */
final class ApplicationJar {
  private static final String NAME = "dicm.jar";
  private static final String MARKER = "dicm-archive.txt";

  private ApplicationJar() {}

  static Path find(Configuration conf) throws IOException {
    String named = conf.getTrimmed(InternalKeys.APPLICATION_JAR, "");
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    Optional<Path> found = onClassPath();
    return (found.isPresent() ? found : besideClasses())
        .orElseThrow(
            () ->
                new DicmException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "Cannot submit: this program does not run from dicm.jar. Use ./dicm or yarn jar dicm.jar."));
  }

  /** The jar with the marker; {@code yarn jar} has its unpacked copy on the class path too. */
  private static Optional<Path> onClassPath() throws IOException {
    ClassLoader loader = ApplicationJar.class.getClassLoader();
    for (URL url : Collections.list(loader.getResources(MARKER))) {
      if (url.openConnection() instanceof JarURLConnection connection) {
        return Optional.of(path(connection.getJarFileURL()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> besideClasses() throws IOException {
    Path classes = path(ApplicationJar.class.getProtectionDomain().getCodeSource().getLocation());
    return Optional.of(classes.resolveSibling(NAME)).filter(Files::isRegularFile);
  }

  private static Path path(URL file) throws IOException {
    try {
      return Path.of(file.toURI());
    } catch (URISyntaxException e) {
      throw new IOException("Not a file: " + file, e);
    }
  }
}
