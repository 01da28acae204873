package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ExitCode;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.network.IdNetworkKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestModelsCommand {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void namesEveryNetworkAndAggregatorWithItsParameters() throws IOException {
    features("\"behavior\": true, \"query\": true");

    assertThat(run("--input", folder.toString(), "--output", "json"))
        .as(text(err))
        .isEqualTo(ExitCode.OK.status());

    Map<String, JsonNode> rows = rows();
    for (IdNetworkKind kind : IdNetworkKind.values()) {
      assertThat(rows).containsKey("network " + kind.label());
    }
    for (AggregatorKind kind : AggregatorKind.values()) {
      assertThat(rows).containsKey("aggregator " + kind.label());
    }
    // user_id, the behaviours' items and the item: 3 embeddings of 12.
    int inputs = 3 * 12;
    assertThat(rows.get("network embedding-mlp").path("parameters").asInt()).isEqualTo(mlp(inputs));
    // The shown picture, and two channels of attention of 12 each with their own perceptrons.
    int channel = (24 * 64 + 64 + 1) + (64 * 16 + 16 + 1) + 17;
    assertThat(rows.get("network embedding-mlp").path("with_pictures").asInt())
        .isEqualTo(mlp(inputs + 36) + 2 * channel);
    assertThat(rows.get("network lr").path("parameters").asInt()).isEqualTo(1);
    assertThat(rows.get("network lr").path("floats_an_id").asInt()).isEqualTo(14);
    assertThat(rows.get("aggregator sum").path("parameters").asText()).isEqualTo("-");
    assertThat(rows.get("aggregator sum").path("with_pictures").asText()).isEqualTo("+" + 12 * 200);
  }

  /** PReLU has one slope a layer. */
  private static int mlp(int inputs) {
    return (inputs * 200 + 200 + 1) + (200 * 80 + 80 + 1) + (80 * 2 + 2);
  }

  @Test
  void whatNeedsBehavioursIsNotCountedWithoutTheirFeatures() throws IOException {
    features("\"query\": true");

    assertThat(run("--input", folder.toString(), "--output", "json"))
        .as(text(err))
        .isEqualTo(ExitCode.OK.status());

    assertThat(rows().get("network din").path("parameters").asText()).isEqualTo("-");
    assertThat(rows().get("network pnn").path("parameters").asInt()).isPositive();
  }

  @Test
  void countsForTheGeneratedCatalogueWithoutAnInput() throws IOException {
    assertThat(run()).as(text(err)).isEqualTo(ExitCode.OK.status());

    assertThat(text(out).lines())
        .hasSize(1 + IdNetworkKind.values().length + AggregatorKind.values().length);
  }

  @Test
  void aWrongCallIsOneSentence() throws IOException {
    assertThat(run("din")).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).contains("models takes no argument, was 'din'");
  }

  private void features(String flagsOfItem) throws IOException {
    Files.writeString(
        folder.resolve("features.json"),
        """
        {"features": [
          {"name": "user_id", "side": "user", "kind": "id"},
          {"name": "item_id", "side": "item", "kind": "id", %s}]}
        """
            .formatted(flagsOfItem));
  }

  private Map<String, JsonNode> rows() throws IOException {
    Map<String, JsonNode> rows = new LinkedHashMap<>();
    for (JsonNode row : new ObjectMapper().readTree(text(out)).path("models")) {
      rows.put(row.path("option").asText() + " " + row.path("value").asText(), row);
    }
    return rows;
  }

  private int run(String... arguments) throws IOException {
    String[] all = new String[arguments.length + 1];
    all[0] = "models";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.run(all, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
