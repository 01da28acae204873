package io.dicm.common;

import java.nio.file.Path;

/** Finds the repository's documents from a module's test. */
public final class ProjectDocs {
  private ProjectDocs() {}

  /** A file of {@code docs/}. */
  public static Path file(String name) {
    return Path.of(System.getProperty("basedir", "."), "..", "docs", name).normalize();
  }
}
