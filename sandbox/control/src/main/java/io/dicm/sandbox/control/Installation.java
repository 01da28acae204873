package io.dicm.sandbox.control;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The built project, whose {@code sandbox/} folder holds what the sandbox's processes run.
 *
 * @param home root of the project
 */
record Installation(Path home) {
  private static final String JAR_PREFIX = "dicm-sandbox-";

  /** The project that this class was built in: it lies in {@code sandbox/control/target/}. */
  static Path ofThisClass() {
    try {
      Path classes =
          Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return classes.resolve("../../../..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The JVM gave a malformed class location.", e);
    }
  }

  /**
   * Upstream's jars of one process: for {@code hadoop} also what containers take for their Hadoop.
   */
  Path libraries(String service) {
    return target(service).resolve("lib");
  }

  /**
   * Class path of one process: its own jar and this module's, copied into the folder, then
   * upstream's where they are. A rebuild would otherwise overwrite jars under a running process,
   * which then fails when it loads its next class.
   */
  String classPath(String service, Path folder) throws IOException {
    List<String> entries = new ArrayList<>();
    for (Path jar : List.of(jar(service), jar("control"))) {
      Path copy = copy(service, jar.getFileName().toString(), folder);
      Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
      entries.add(copy.toString());
    }
    entries.add(libraries(service) + "/*");
    return String.join(":", entries);
  }

  /** Where a process's copy of a jar lies. */
  static Path copy(String service, String jarName, Path folder) {
    return folder.resolve(service + "-" + jarName);
  }

  /** The name of a module's jar. */
  static String jarName(String module) {
    return JAR_PREFIX + module + ".jar";
  }

  /**
   * Makes sure that the process can be started at all.
   *
   * @throws SandboxException when the project is not built
   */
  void check(String service) throws IOException, SandboxException {
    for (Path jar : List.of(jar(service), jar("control"))) {
      if (!Files.isRegularFile(jar)) {
        throw notBuilt(jar);
      }
    }
    if (!Files.isDirectory(libraries(service))) {
      throw notBuilt(libraries(service));
    }
    try (Stream<Path> jars = Files.list(libraries(service))) {
      if (jars.findAny().isEmpty()) {
        throw notBuilt(libraries(service));
      }
    }
  }

  private Path target(String module) {
    return home.resolve("sandbox").resolve(module).resolve("target");
  }

  private Path jar(String module) {
    return target(module).resolve(jarName(module));
  }

  private static SandboxException notBuilt(Path missing) {
    return SandboxException.environment(
        "Cannot start the sandbox: %s is missing or empty. Build it with: mvn -DskipTests package"
            .formatted(missing));
  }
}
