package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

class TestOutputFormat {
  private final Map<String, String> result = new LinkedHashMap<>();

  TestOutputFormat() {
    result.put("auc", "0.61");
    result.put("run", "a");
  }

  @Test
  void writesTextPropertiesAndJson() throws Exception {
    assertThat(format().write(result)).isEqualTo("auc = 0.61\nrun = a\n");
    assertThat(format("--output", "properties").write(result)).isEqualTo("auc=0.61\nrun=a\n");
    assertThat(format("--output", "json").write(result))
        .isEqualTo("{\"auc\":\"0.61\",\"run\":\"a\"}\n");
  }

  @Test
  void refusesOthers() {
    assertThatThrownBy(() -> format("--output", "xml"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--output was 'xml', allowed is text, json or properties");
  }

  private static OutputFormat format(String... arguments) throws ParseException, UsageException {
    CommandLine line = new DefaultParser().parse(OutputFormat.addTo(new Options()), arguments);
    return OutputFormat.of(line);
  }

  @Test
  void listsAreTablesObjectsOrNumberedProperties() {
    List<Map<String, String>> rows =
        List.of(Map.of("id", "a1", "state", "RUNNING"), Map.of("id", "a10", "state", "KILLED"));
    List<String> fields = List.of("id", "state");

    assertThat(OutputFormat.TEXT.write("applications", fields, rows))
        .isEqualTo("id   state\na1   RUNNING\na10  KILLED\n");
    assertThat(OutputFormat.PROPERTIES.write("applications", fields, rows))
        .isEqualTo("applications=2\n0.id=a1\n0.state=RUNNING\n1.id=a10\n1.state=KILLED\n");
    assertThat(OutputFormat.JSON.write("applications", fields, List.of()))
        .isEqualTo("{\"applications\":[]}\n");
  }
}
