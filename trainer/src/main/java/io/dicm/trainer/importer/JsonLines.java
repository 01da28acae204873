package io.dicm.trainer.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The objects of a file with one on each line, in JSON or as Python prints a dict, compressed by
 * gzip or not. Empty lines are passed over. For one thread.
 */
final class JsonLines implements AutoCloseable {
  /** Keys in single quotes: Python prints them so, JSON must not. */
  private static final Pattern PYTHON = Pattern.compile("\\s*\\{\\s*[uU]?'.*", Pattern.DOTALL);

  private final JsonMapper mapper =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private final TextLines lines;

  JsonLines(Configuration conf, Path file) throws IOException {
    this.lines = new TextLines(conf, file);
  }

  /**
   * The next object; null after the last one.
   *
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} with file and line
   */
  JsonNode next() throws IOException {
    String line = lines.next();
    while (line != null && line.isBlank()) {
      line = lines.next();
    }
    if (line == null) {
      return null;
    }
    JsonNode object = parse(line);
    if (!object.isObject()) {
      throw lines.invalid("needed a JSON object", null);
    }
    return object;
  }

  /** The text of a field, which has to be there. */
  String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isValueNode() || value.isNull() || value.asText().isBlank()) {
      throw lines.invalid("the object has no '" + field + "'", null);
    }
    return value.asText().strip();
  }

  /** The number of a field, which has to be there. */
  double number(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isNumber()) {
      throw lines.invalid("'" + field + "' was " + value + ", needed a number", null);
    }
    return value.asDouble();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private JsonNode parse(String line) {
    try {
      return PYTHON.matcher(line).matches() ? PythonLiteral.parse(line) : mapper.readTree(line);
    } catch (JsonProcessingException e) {
      throw lines.invalid("it is no JSON (" + e.getOriginalMessage() + ")", e);
    } catch (IllegalArgumentException e) {
      throw lines.invalid("it is no dict as Python prints it (" + e.getMessage() + ")", e);
    }
  }
}
