package io.dicm.feature.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The shared libraries in the folders of {@code LD_LIBRARY_PATH}, of the dynamic loader's cache and
 * configuration and its own, and where CUDA's toolkit is usually put, where JavaCPP looks too. Only
 * names of files are read. Immutable.
 */
final class SharedLibraries {
  private static final String CACHE = "etc/ld.so.cache";
  private static final String CONFIGURATION = "etc/ld.so.conf";
  private static final String MORE_CONFIGURATION = "etc/ld.so.conf.d";

  private static final List<String> USUAL =
      List.of(
          "usr/local/cuda-13.1/lib64",
          "usr/local/cuda-13.1/extras/CUPTI/lib64",
          "usr/local/cuda/lib64",
          "usr/local/cuda/extras/CUPTI/lib64",
          "lib/x86_64-linux-gnu",
          "usr/lib/x86_64-linux-gnu",
          "lib64",
          "usr/lib64",
          "lib",
          "usr/lib");

  private final Set<Path> folders = new LinkedHashSet<>();

  /**
   * @param root of the file system
   * @param libraryPath folders between colons, as in {@code LD_LIBRARY_PATH}; empty: none
   */
  SharedLibraries(Path root, String libraryPath) {
    for (String folder : libraryPath.split(":", -1)) {
      if (!folder.isBlank()) {
        folders.add(Path.of(folder.strip()));
      }
    }
    addCached(root);
    addConfigured(root, root.resolve(CONFIGURATION));
    for (Path file : entries(root.resolve(MORE_CONFIGURATION), "*.conf")) {
      addConfigured(root, file);
    }
    USUAL.forEach(folder -> folders.add(root.resolve(folder)));
  }

  /** The cache has each library's path, ended by a zero, between numbers. */
  private void addCached(Path root) {
    try {
      String cache = Files.readString(root.resolve(CACHE), StandardCharsets.ISO_8859_1);
      for (String text : cache.split("\0", -1)) {
        int name = text.lastIndexOf('/');
        if (name > 0 && text.startsWith("/")) {
          folders.add(root.resolve(text.substring(1, name)));
        }
      }
    } catch (IOException e) {
      // Configuration and usual folders are left.
    }
  }

  private void addConfigured(Path root, Path file) {
    for (String line : lines(file)) {
      if (line.startsWith("/")) {
        folders.add(root.resolve(line.substring(1)));
      }
    }
  }

  /**
   * The file of a library, behind all links: its name often has the whole version.
   *
   * @param name such as {@code libcudnn.so.9}
   */
  Optional<Path> find(String name) {
    for (Path folder : folders) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        return Optional.of(real(file));
      }
    }
    return Optional.empty();
  }

  /**
   * What there is of other versions of a library, by the names of files behind links.
   *
   * @param name such as {@code libcudnn.so.9}
   */
  List<String> others(String name) {
    String stem = name.substring(0, name.indexOf(".so") + ".so".length());
    Set<String> found = new TreeSet<>();
    for (Path folder : folders) {
      for (Path file : entries(folder, stem + ".*")) {
        found.add(real(file).getFileName().toString());
      }
    }
    return List.copyOf(found);
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file; // A link into nowhere has its own name alone.
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).lines().map(String::strip).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** In the order of names; none of a folder that is not there or cannot be read. */
  private static List<Path> entries(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      files.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    found.sort(null);
    return found;
  }
}
