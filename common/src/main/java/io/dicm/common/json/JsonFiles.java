package io.dicm.common.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.FilePublisher;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads and writes JSON files on any Hadoop file system as records. Safe for use by many threads.
 */
public final class JsonFiles {
  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Configuration conf;

  public JsonFiles(Configuration conf) {
    this.conf = conf;
  }

  /**
   * Reads a file as {@code type}.
   *
   * @param onError the code of the error when the file is missing or does not fit the type
   * @throws DicmException with {@code onError}, naming the file and the place in it; {@link
   *     ErrorCode#STORAGE_FAILED} when the file system could not read it
   */
  public <T> T read(Path file, Class<T> type, ErrorCode onError) {
    try (InputStream in = file.getFileSystem(conf).open(file)) {
      // Jackson may wrap an error of the file system as one of the content: nothing is parsed
      // before all is read.
      return mapper.readValue(in.readAllBytes(), type);
    } catch (FileNotFoundException e) {
      throw notFound(file, onError, e);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " at line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr();
      throw new DicmException(
          onError,
          "Cannot read " + file + where + ": " + firstLine(e.getOriginalMessage()) + ".",
          e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Reads a file as a tree; errors as {@link #read(Path, Class, ErrorCode)}. */
  public JsonNode readTree(Path file, ErrorCode onError) {
    return read(file, JsonNode.class, onError);
  }

  /** Writes a value as indented JSON, replacing the file. */
  public void write(Path file, Object value) throws IOException {
    FileSystem fs = file.getFileSystem(conf);
    try (OutputStream out = fs.create(file, true)) {
      out.write(mapper.writeValueAsBytes(value));
      out.write('\n');
    }
  }

  /**
   * Writes a value as indented JSON beside the file, then puts it in its place: for files outside
   * of directories that are published as a whole. A writer that dies leaves no part of a file.
   */
  public void publish(Path file, Object value) throws IOException {
    String text = mapper.writeValueAsString(value) + "\n";
    new FilePublisher(conf).publish(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The value as one line of JSON. */
  public String oneLine(Object value) {
    try {
      return mapper.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot write " + value.getClass() + " as JSON", e);
    }
  }

  /** Parses a line written by {@link #oneLine}. */
  public <T> T parse(String json, Class<T> type) throws IOException {
    return mapper.readValue(json, type);
  }

  /**
   * File systems report a directory that is opened as if nothing were there, the local one a file
   * too that must not be read.
   */
  private DicmException notFound(Path file, ErrorCode onError, FileNotFoundException e) {
    try {
      return file.getFileSystem(conf).getFileStatus(file).isDirectory()
          ? new DicmException(onError, "Cannot read " + file + ": it is a directory.", e)
          : unreadable(file, e);
    } catch (FileNotFoundException none) {
      return new DicmException(onError, "Cannot read " + file + ": there is no such file.", e);
    } catch (IOException other) {
      return unreadable(file, other);
    }
  }

  private static DicmException unreadable(Path file, IOException e) {
    return new DicmException(
        ErrorCode.STORAGE_FAILED,
        "Cannot read " + file + ": " + firstLine(e.getMessage()) + ".",
        e);
  }

  private static String firstLine(String message) {
    String text = message == null ? "unknown error" : message;
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
