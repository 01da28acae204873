package io.dicm.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestPipelineFile {
  private static final String REQUIRED =
      "\"input\": \"/in\", \"workspace\": \"/out\", \"date\": \"2026-07-01\", \"run\": \"a\"";

  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration(false);

  @Test
  void readsEverything() throws IOException {
    PipelineFile pipeline =
        read(
            "{\"name\": \"daily\", "
                + REQUIRED
                + ", \"stages\": [\"samples\", \"extract\"], \"properties\":"
                + " {\"dicm.train.epochs\": 3, \"dicm.yarn.queue\": \"ads\"}}");

    PipelineSettings settings = pipeline.settings();
    assertThat(settings.name()).isEqualTo("daily");
    assertThat(settings.input()).isEqualTo(new Path("/in"));
    assertThat(settings.workspace().root()).isEqualTo(new Path("/out"));
    assertThat(settings.date()).isEqualTo("2026-07-01");
    assertThat(settings.run()).isEqualTo("a");
    assertThat(settings.stages()).containsExactly(StageName.EXTRACT, StageName.SAMPLES);
    assertThat(pipeline.properties())
        .isEqualTo(Map.of("dicm.train.epochs", "3", "dicm.yarn.queue", "ads"));
  }

  @Test
  void hasAllStagesAndTheFilesNameByDefault() throws IOException {
    PipelineFile pipeline = read("{" + REQUIRED + "}");

    assertThat(pipeline.settings().stages()).isEqualTo(StageName.all());
    assertThat(pipeline.settings().name()).isEqualTo("pipeline.json");
    assertThat(pipeline.properties()).isEmpty();
  }

  @Test
  void unknownKeyIsNamed() {
    assertInvalid(
        "{" + REQUIRED + ", \"worksapce\": \"/x\"}",
        "it has the unknown key 'worksapce', known are");
  }

  @Test
  void missingAndMistypedKeysAreNamed() {
    assertInvalid("{\"input\": \"/in\"}", "'workspace' is missing");
    assertInvalid("{" + REQUIRED.replace("\"a\"", "1") + "}", "'run' is not a text");
    assertInvalid("{" + REQUIRED + ", \"stages\": \"extract\"}", "'stages' is not a list");
    assertInvalid(
        "{" + REQUIRED + ", \"stages\": [\"extrct\"]}", "Cannot run stage 'extrct': there is none");
    assertInvalid(
        "{" + REQUIRED + ", \"properties\": {\"k\": [1]}}", "property 'k' is not a single value");
    assertInvalid("[]", "it is not a JSON object");
  }

  @Test
  void valuesOutOfTheirRangeAreNamed() {
    assertInvalid(
        "{" + REQUIRED.replace("2026-07-01", "2026-02-30") + "}",
        "its date was '2026-02-30', allowed is a day as YYYY-MM-DD");
    assertInvalid("{" + REQUIRED.replace("\"a\"", "\"a/b\"") + "}", "its run was 'a/b'");
    assertInvalid("{" + REQUIRED + ", \"stages\": []}", "its stages was 'empty'");
  }

  @Test
  void textsThatAreNoPathsAreNamed() {
    assertInvalid(
        "{" + REQUIRED.replace("\"/in\"", "\"shop:input\"") + "}",
        "Cannot use 'shop:input' as a path");
    assertInvalid(
        "{" + REQUIRED.replace("\"/out\"", "\"a:b\"") + "}", "Cannot use 'a:b' as a path");
  }

  @Test
  void brokenJsonIsToldWithItsPlace() {
    assertInvalid("{\"name\":\n oops}", "at line 2");
  }

  @Test
  void settingsSurviveAConfiguration() throws IOException {
    PipelineSettings settings = read("{" + REQUIRED + "}").settings();
    Configuration carrier = new Configuration(false);
    settings.addTo(carrier);

    assertThat(PipelineSettings.from(carrier)).isEqualTo(settings);
  }

  private void assertInvalid(String json, String why) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("pipeline.json")
        .hasMessageContaining(why)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.PIPELINE_FILE_INVALID);
  }

  private PipelineFile read(String json) throws IOException {
    java.nio.file.Path file = Files.writeString(folder.resolve("pipeline.json"), json);
    return PipelineFile.read(conf, new Path(file.toUri()));
  }
}
