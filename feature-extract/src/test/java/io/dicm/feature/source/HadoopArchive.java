package io.dicm.feature.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.HarFileSystem;

/** Writes Hadoop archives (version 3) as {@code hadoop archive} lays them out. */
final class HadoopArchive {
  private static final String PROPERTIES = "1700000000000+420+user+group";

  private HadoopArchive() {}

  /**
   * @param contents texts by path below the archive's root
   */
  static void write(Path archive, Map<String, String> contents) throws IOException {
    Files.createDirectories(archive);
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    Map<String, String> lines = new TreeMap<>();
    Map<String, Set<String>> children = new TreeMap<>();
    for (Map.Entry<String, String> file : new TreeMap<>(contents).entrySet()) {
      byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
      String path = "/" + file.getKey();
      lines.put(
          path,
          String.join(
              " ",
              encoded(path),
              "file",
              "part-0",
              "" + part.size(),
              "" + bytes.length,
              encoded(PROPERTIES).replace("%2B", "+")));
      part.write(bytes);
      addToParents(path, children);
    }
    children.forEach(
        (directory, names) ->
            lines.put(
                directory,
                String.join(
                    " ",
                    encoded(directory),
                    "dir",
                    encoded(PROPERTIES).replace("%2B", "+"),
                    "0",
                    "0",
                    String.join(" ", names.stream().map(HadoopArchive::encoded).toList()))));
    Files.write(archive.resolve("part-0"), part.toByteArray());
    writeIndex(archive, lines);
  }

  private static void addToParents(String path, Map<String, Set<String>> children) {
    String child = path;
    while (child.length() > 1) {
      int slash = child.lastIndexOf('/');
      String parent = slash == 0 ? "/" : child.substring(0, slash);
      children.computeIfAbsent(parent, p -> new TreeSet<>()).add(child.substring(slash + 1));
      child = parent;
    }
  }

  /** The index is sorted by hash; one block of it is enough here. */
  private static void writeIndex(Path archive, Map<String, String> lines) throws IOException {
    TreeMap<Integer, StringBuilder> byHash = new TreeMap<>();
    lines.forEach(
        (path, line) ->
            byHash
                .computeIfAbsent(
                    HarFileSystem.getHarHash(new org.apache.hadoop.fs.Path(path)),
                    h -> new StringBuilder())
                .append(line)
                .append(" \n"));
    String index = String.join("", byHash.values());
    Files.writeString(archive.resolve("_index"), index);
    Files.writeString(
        archive.resolve("_masterindex"),
        "3 \n"
            + byHash.firstKey()
            + " "
            + byHash.lastKey()
            + " 0 "
            + index.getBytes(StandardCharsets.UTF_8).length
            + " \n");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
