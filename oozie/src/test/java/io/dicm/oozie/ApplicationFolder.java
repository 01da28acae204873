package io.dicm.oozie;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The files of the Oozie application, as they lie in the sources. */
final class ApplicationFolder {
  private static final Path FOLDER = Path.of(System.getProperty("basedir", "."), "src/main/oozie");

  private ApplicationFolder() {}

  static Path file(String name) {
    return FOLDER.resolve(name).toAbsolutePath().normalize();
  }

  static String text(String name) throws IOException {
    return Files.readString(file(name));
  }

  static Properties jobProperties() throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file("job.properties"))) {
      properties.load(in);
    }
    return properties;
  }
}
