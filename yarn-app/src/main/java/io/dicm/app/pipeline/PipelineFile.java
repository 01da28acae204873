package io.dicm.app.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.layout.Workspace;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A pipeline file: the settings of one run as JSON, checked strictly, so that a misspelt key is an
 * error and not a silent default.
 *
 * <pre>
 * {"name": "daily", "input": "/data/shop", "workspace": "/dicm/shop", "date": "2026-07-01", "run": "a",
 *  "stages": ["extract", "samples"], "properties": {"dicm.train.epochs": "3"}}
 * </pre>
 *
 * @param settings what to run
 * @param properties configuration keys and values; those of the command line win
 */
public record PipelineFile(PipelineSettings settings, Map<String, String> properties) {
  private static final Set<String> KEYS =
      Set.of("name", "input", "workspace", "date", "run", "stages", "properties");

  /**
   * Reads a file.
   *
   * @throws DicmException {@link ErrorCode#PIPELINE_FILE_INVALID}, naming the file and the key
   */
  public static PipelineFile read(Configuration conf, Path file) {
    JsonNode root = new JsonFiles(conf).readTree(file, ErrorCode.PIPELINE_FILE_INVALID);
    return new Reader(file, root).pipeline();
  }

  private record Reader(Path file, JsonNode root) {
    PipelineFile pipeline() {
      if (!root.isObject()) {
        throw invalid("it is not a JSON object");
      }
      for (Iterator<String> names = root.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        if (!KEYS.contains(name)) {
          throw invalid("it has the unknown key '" + name + "', known are " + sortedKeys());
        }
      }
      return new PipelineFile(settings(), properties());
    }

    private PipelineSettings settings() {
      try {
        return new PipelineSettings(
            root.has("name") ? text("name") : file.getName(),
            PathText.parse(text("input")),
            new Workspace(PathText.parse(text("workspace"))),
            text("date"),
            text("run"),
            stages());
      } catch (DicmException e) {
        if (e.code() == ErrorCode.PIPELINE_FILE_INVALID) {
          throw e;
        }
        throw new DicmException(
            ErrorCode.PIPELINE_FILE_INVALID, "In " + file + ": " + e.getMessage(), e);
      }
    }

    private List<StageName> stages() {
      if (!root.has("stages")) {
        return StageName.all();
      }
      if (!root.get("stages").isArray()) {
        throw invalid("'stages' is not a list");
      }
      List<StageName> stages = new ArrayList<>();
      for (JsonNode node : root.get("stages")) {
        stages.add(stage(node.asText()));
      }
      return stages;
    }

    private StageName stage(String label) {
      try {
        return StageName.of(label);
      } catch (DicmException e) {
        throw new DicmException(e.code(), "In " + file + ": " + e.getMessage(), e);
      }
    }

    private Map<String, String> properties() {
      Map<String, String> properties = new TreeMap<>();
      if (!root.has("properties")) {
        return properties;
      }
      if (!root.get("properties").isObject()) {
        throw invalid("'properties' is not an object of keys and values");
      }
      for (Map.Entry<String, JsonNode> field : root.get("properties").properties()) {
        if (!field.getValue().isValueNode()) {
          throw invalid("property '" + field.getKey() + "' is not a single value");
        }
        properties.put(field.getKey(), field.getValue().asText());
      }
      return properties;
    }

    private String text(String key) {
      JsonNode node = root.path(key);
      if (!node.isTextual() || node.asText().isBlank()) {
        throw invalid("'" + key + "' is " + (node.isMissingNode() ? "missing" : "not a text"));
      }
      return node.asText();
    }

    private static String sortedKeys() {
      return String.join(", ", KEYS.stream().sorted().toList());
    }

    private DicmException invalid(String why) {
      return new DicmException(
          ErrorCode.PIPELINE_FILE_INVALID, "Cannot read pipeline file " + file + ": " + why + ".");
    }
  }
}
