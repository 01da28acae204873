package io.dicm.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestJsonFiles {
  private final JsonFiles files = new JsonFiles(new Configuration());

  @TempDir java.nio.file.Path folder;

  record Point(int x, List<String> names) {}

  @Test
  void recordsComeBackAsWritten() throws IOException {
    Path file = file("point.json");
    files.write(file, new Point(3, List.of("a", "ö")));

    assertThat(files.read(file, Point.class, ErrorCode.INPUT_INVALID))
        .isEqualTo(new Point(3, List.of("a", "ö")));
    assertThat(files.readTree(file, ErrorCode.INPUT_INVALID).path("x").asInt()).isEqualTo(3);
  }

  @Test
  void filesAreForPeopleToo() throws IOException {
    files.write(file("map.json"), Map.of("b", 1, "a", 2));

    assertThat(Files.readString(folder.resolve("map.json")))
        .isEqualTo("{\n  \"a\" : 2,\n  \"b\" : 1\n}\n");
  }

  @Test
  void aLineIsALine() throws IOException {
    String line = files.oneLine(new Point(1, List.of("a\nb")));

    assertThat(line).isEqualTo("{\"x\":1,\"names\":[\"a\\nb\"]}");
    assertThat(files.parse(line, Point.class)).isEqualTo(new Point(1, List.of("a\nb")));
  }

  @Test
  void missingFileIsNamed() {
    assertRefused(file("none.json"), ErrorCode.FEATURES_JSON_INVALID)
        .hasMessage("Cannot read " + file("none.json") + ": there is no such file.");
  }

  @Test
  void directoryIsNoFile() throws IOException {
    Files.createDirectory(folder.resolve("dir.json"));

    assertRefused(file("dir.json"), ErrorCode.FEATURES_JSON_INVALID)
        .hasMessageMatching("Cannot read \\S+/dir.json/?: it is a directory\\.");
  }

  @Test
  void brokenJsonIsPlaced() throws IOException {
    Path file = write("{\n  \"x\": 3,\n  \"names\": [\"a\" \"b\"]\n}");

    assertRefused(file, ErrorCode.FEATURES_JSON_INVALID)
        .hasMessageStartingWith("Cannot read " + file + " at line 3, column 17: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void wrongTypeIsPlaced() throws IOException {
    Path file = write("{\"x\": \"three\", \"names\": []}");

    assertRefused(file, ErrorCode.FEATURES_JSON_INVALID)
        .hasMessageStartingWith("Cannot read " + file + " at line 1, column 7: ")
        .hasMessageContaining("\"three\"");
  }

  @Test
  void unknownFieldIsNamed() throws IOException {
    assertRefused(write("{\"z\": 1}"), ErrorCode.PIPELINE_FILE_INVALID)
        .hasMessageContaining("\"z\"");
  }

  @Test
  void emptyFileIsRefused() throws IOException {
    assertRefused(write(""), ErrorCode.PIPELINE_FILE_INVALID).hasMessageContaining("No content");
    assertThatThrownBy(() -> files.readTree(write(""), ErrorCode.PIPELINE_FILE_INVALID))
        .isInstanceOf(DicmException.class);
  }

  @Test
  void trailingTextIsRefused() throws IOException {
    assertRefused(write("{\"x\": 1, \"names\": []} {}"), ErrorCode.PIPELINE_FILE_INVALID)
        .hasMessageStartingWith("Cannot read ");
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      Path file, ErrorCode code) {
    return assertThatThrownBy(() -> files.read(file, Point.class, code))
        .isInstanceOf(DicmException.class)
        .matches(e -> ((DicmException) e).code() == code, "has code " + code);
  }

  private Path write(String text) throws IOException {
    Files.writeString(folder.resolve("text.json"), text);
    return file("text.json");
  }

  private Path file(String name) {
    return new Path(folder.resolve(name).toUri());
  }
}
