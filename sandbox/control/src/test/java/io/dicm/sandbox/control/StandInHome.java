package io.dicm.sandbox.control;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Builds a project folder whose sandbox is the real control over {@link StandInService}s. */
public final class StandInHome {
  private StandInHome() {}

  /** Makes all that {@link Installation} looks for. */
  public static void build(Path home) throws IOException {
    for (String module : List.of("control", "hadoop", "hive", "oozie")) {
      Path target = home.resolve("sandbox").resolve(module).resolve("target");
      Files.createDirectories(target.resolve("lib"));
      Files.writeString(target.resolve("lib/upstream.txt"), "");
      jar(
          target.resolve("dicm-sandbox-" + module + ".jar"),
          SandboxControl.class,
          StandInHome.class);
    }
  }

  /** Writes a jar with all classes that lie where these classes do, in a folder or in a jar. */
  public static void jar(Path jar, Class<?>... classes) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (Class<?> one : classes) {
        addLocation(out, locationOf(one));
      }
    }
  }

  private static void addLocation(JarOutputStream out, Path location) throws IOException {
    if (Files.isDirectory(location)) {
      addClasses(out, location);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(location, Map.of())) {
        addClasses(out, jar.getPath("/"));
      }
    }
  }

  private static void addClasses(JarOutputStream out, Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(root)) {
      files = paths.filter(path -> path.toString().endsWith(".class")).toList();
    }
    for (Path file : files) {
      out.putNextEntry(new JarEntry(root.relativize(file).toString()));
      Files.copy(file, out);
    }
  }

  private static Path locationOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The JVM gave a malformed class location.", e);
    }
  }
}
