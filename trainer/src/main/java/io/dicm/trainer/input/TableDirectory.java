package io.dicm.trainer.input;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a table below one place: partitions {@code column=value/} as Hive makes them, and
 * what format the files have. Names that begin with {@code _} or {@code .} are passed over. For one
 * thread.
 */
final class TableDirectory {
  private static final int MAGIC_BYTES = 4;
  private static final int MOST_CHECKED_FILES = 1000;

  private final Configuration conf;
  private final String name;

  /**
   * @param name the table's, for messages
   */
  TableDirectory(Configuration conf, String name) {
    this.conf = conf;
    this.name = name;
  }

  /** The file itself, or the directories that hold files, sorted by path. */
  List<TablePart> parts(FileStatus place) throws IOException {
    List<TablePart> parts = new ArrayList<>();
    addParts(place, Map.of(), parts);
    return parts;
  }

  /**
   * The data files of some parts, sorted by path.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when a part is not there, {@link
   *     ErrorCode#INPUT_INVALID} when it has directories
   */
  List<Path> files(List<TablePart> parts) throws IOException {
    List<Path> files = new ArrayList<>();
    for (TablePart part : parts) {
      Path path = new Path(part.location());
      FileSystem fs = path.getFileSystem(conf);
      if (status(fs, path).isFile()) {
        files.add(path);
      } else {
        addFiles(visible(fs, path), files);
      }
    }
    return files;
  }

  /**
   * The one format of all files, of more than 1,000 by the first bytes of as many of them.
   *
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} when there are several, or none that can
   *     be read, {@link ErrorCode#INPUT_MISSING} without any file
   */
  TableFormat format(List<TablePart> parts, Path place) throws IOException {
    Set<TableFormat> formats = new TreeSet<>();
    List<Path> files = files(parts);
    int step = files.size() / MOST_CHECKED_FILES + 1;
    for (int i = 0; i < files.size(); i += step) {
      formats.add(format(files.get(i)));
    }
    if (formats.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot read " + place + ": there is no file in it.");
    }
    if (formats.size() > 1) {
      throw invalid(place, "it holds CSV and Parquet files; a table has one format");
    }
    return formats.iterator().next();
  }

  private void addFiles(FileStatus[] entries, List<Path> files) {
    for (FileStatus entry : entries) {
      if (entry.isDirectory()) {
        throw invalid(entry.getPath(), "it is a directory, needed files here");
      }
      files.add(entry.getPath());
    }
  }

  /** A place that Hive, or another process, knew a moment ago. */
  private FileStatus status(FileSystem fs, Path path) throws IOException {
    try {
      return fs.getFileStatus(path);
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read " + path + " as part of " + name + ": it is not there.",
          e);
    }
  }

  private void addParts(FileStatus place, Map<String, String> partition, List<TablePart> parts)
      throws IOException {
    if (place.isFile()) {
      parts.add(new TablePart(place.getPath().toString(), partition));
      return;
    }
    FileStatus[] entries = visible(place.getPath().getFileSystem(conf), place.getPath());
    boolean files = Arrays.stream(entries).anyMatch(FileStatus::isFile);
    boolean directories = Arrays.stream(entries).anyMatch(FileStatus::isDirectory);
    if (files && directories) {
      throw invalid(place.getPath(), "it holds both files and directories");
    }
    if (files) {
      parts.add(new TablePart(place.getPath().toString(), partition));
      return;
    }
    for (FileStatus directory : entries) {
      addParts(directory, with(partition, directory.getPath()), parts);
    }
  }

  private Map<String, String> with(Map<String, String> partition, Path directory) {
    String text = directory.getName();
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw invalid(
          directory, "directories in a table are partitions, named column=value as Hive does");
    }
    Map<String, String> more = new LinkedHashMap<>(partition);
    more.put(
        text.substring(0, equals),
        URLDecoder.decode(text.substring(equals + 1).replace("+", "%2B"), StandardCharsets.UTF_8));
    return more;
  }

  private TableFormat format(Path file) throws IOException {
    String magic = magic(file);
    if (magic.equals("PAR1")) {
      return TableFormat.PARQUET;
    }
    String other = otherFormat(magic);
    if (!other.isEmpty()) {
      throw invalid(file, "it is " + other + ", tables are CSV or Parquet; write it as Parquet");
    }
    if (file.getName().endsWith(TableFormat.CSV.ending())) {
      return TableFormat.CSV;
    }
    throw invalid(
        file,
        file.getName().endsWith(TableFormat.PARQUET.ending())
            ? "it is not a Parquet file"
            : "its name ends neither with .csv nor with .parquet");
  }

  private static String otherFormat(String magic) {
    if (magic.startsWith("ORC")) {
      return "an ORC file";
    }
    if (magic.startsWith("Obj\u0001")) {
      return "an Avro file";
    }
    if (magic.startsWith("SEQ")) {
      return "a SequenceFile";
    }
    if (magic.startsWith("PARE")) {
      return "an encrypted Parquet file";
    }
    if (magic.startsWith("\u001f\u008b")) {
      return "compressed by gzip";
    }
    return magic.startsWith("BZh") ? "compressed by bzip2" : "";
  }

  private String magic(Path file) throws IOException {
    try (InputStream in = file.getFileSystem(conf).open(file)) {
      return new String(in.readNBytes(MAGIC_BYTES), StandardCharsets.ISO_8859_1);
    }
  }

  private static FileStatus[] visible(FileSystem fs, Path directory) throws IOException {
    FileStatus[] entries =
        fs.listStatus(
            directory, path -> !path.getName().startsWith("_") && !path.getName().startsWith("."));
    Arrays.sort(entries);
    return entries;
  }

  private DicmException invalid(Path path, String why) {
    return new DicmException(
        ErrorCode.INPUT_INVALID, "Cannot read " + path + " as part of " + name + ": " + why + ".");
  }
}
