package io.dicm.oozie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

class TestApplicationFiles {
  private static final List<String> WORKFLOWS =
      List.of("workflow.xml", "extract.xml", "backfill.xml");
  private static final List<String> ALL =
      List.of(
          "workflow.xml",
          "extract.xml",
          "backfill.xml",
          "coordinator.xml",
          "extract-coordinator.xml",
          "bundle.xml");

  /** Of expressions: what is not a function, a quoted text, a word of the language or a unit. */
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}]*)}");

  private static final Pattern NAME = Pattern.compile("(?<![\\w:'])[A-Za-z]\\w*(?![\\w:(])");
  private static final Set<String> WORDS =
      Set.of("lt", "gt", "or", "and", "empty", "MINUTES", "YEAR", "MONTH", "DAY");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "workflow.xml",
        "extract.xml",
        "backfill.xml",
        "coordinator.xml",
        "extract-coordinator.xml",
        "bundle.xml"
      })
  void isValidAgainstOoziesOwnSchemas(String file) throws IOException {
    String text = ApplicationFolder.text(file);
    assertThatCode(() -> validate(text)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "workflow.xml, <exec>dicm.sh</exec>, ''",
    "workflow.xml, <capture-output/>, <capture-outputs/>",
    "workflow.xml, resource-manager>, jobs-tracker>",
    "workflow.xml, <start to=\"doctor\"/>, ''",
    "extract.xml, <start to=\"extract\"/>, ''",
    "backfill.xml, <app-path>, <app-pth>",
    "coordinator.xml, <concurrency>, <concurrent>",
    "extract-coordinator.xml, frequency=, fequency=",
    "bundle.xml, <app-path>, <path>",
  })
  void mistakesAreFound(String file, String text, String replacement) throws IOException {
    String xml = ApplicationFolder.text(file);
    assertThat(xml).contains(text);

    assertThatThrownBy(() -> validate(xml.replace(text, replacement)))
        .isInstanceOf(SAXException.class);
  }

  @Test
  void everyVariableIsAJobPropertyAndEveryPropertyIsUsed() throws IOException {
    Set<String> variables = new TreeSet<>();
    for (String file : ALL) {
      variables.addAll(variables(ApplicationFolder.text(file)));
      variables.addAll(attributes(ApplicationFolder.text(file), "wf:conf\\('(\\w+)'\\)"));
    }

    Set<String> properties = ApplicationFolder.jobProperties().stringPropertyNames();
    assertThat(properties).containsAll(variables);
    assertThat(variables)
        .as("properties that the application reads")
        .containsAll(properties.stream().filter(name -> !name.startsWith("oozie.")).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "workflow.xml",
        "extract.xml",
        "backfill.xml",
        "coordinator.xml",
        "extract-coordinator.xml",
        "bundle.xml"
      })
  void everyVariableIsDeclared(String file) throws IOException {
    String xml = ApplicationFolder.text(file);
    for (String variable : variables(xml)) {
      assertThat(xml).contains("<name>" + variable + "</name>");
    }
  }

  /** Oozie forgets empty values, so a variable for one could not be resolved. */
  @Test
  void whatMayBeEmptyIsAskedForAsConfiguration() throws IOException {
    Properties properties = ApplicationFolder.jobProperties();
    for (String file : ALL) {
      assertThat(variables(ApplicationFolder.text(file)))
          .noneMatch(name -> properties.getProperty(name).isEmpty());
    }
  }

  @Test
  void nothingOfASiteIsInTheFiles() throws IOException {
    for (String file : ALL) {
      assertThat(ApplicationFolder.text(file))
          .doesNotContain("hdfs:", "jdbc:", "example.com", "/usr/", "/etc/");
    }
  }

  @Test
  void filesOfTheActionsAreInTheFolder() throws IOException {
    for (String file : List.of("workflow.xml", "extract.xml")) {
      Matcher names =
          Pattern.compile("<(?:exec>|file>)(\\w+\\.\\w+)").matcher(ApplicationFolder.text(file));
      Set<String> found = new HashSet<>();
      while (names.find()) {
        found.add(names.group(1));
      }
      assertThat(found).containsExactlyInAnyOrder("dicm.sh", "reason.sh", "settings.xml");
    }
    assertThat(ApplicationFolder.file("dicm.sh")).isExecutable();
    assertThat(ApplicationFolder.file("reason.sh")).isExecutable();
    assertThat(ApplicationFolder.file("settings.xml")).isRegularFile();
  }

  /** Each node has to be reached, and each transition to lead somewhere. */
  @Test
  void transitionsLeadToNodesAndAllNodesAreReached() throws IOException {
    for (String file : WORKFLOWS) {
      String xml = ApplicationFolder.text(file);
      Set<String> nodes = attributes(xml, "<(?:action|decision|kill|end) name=\"([^\"]+)\"");
      Set<String> targets = attributes(xml, " to=\"([^\"]+)\"");
      assertThat(targets).as(file).isEqualTo(nodes);
    }
  }

  @Test
  void launchersAndPipelineHaveQueuesOfTheirOwn() throws IOException {
    assertThat(ApplicationFolder.text("workflow.xml"))
        .contains("<queue>${launcherQueue}</queue>", "dicm.yarn.queue=${queue}");
    assertThat(ApplicationFolder.jobProperties().getProperty("queue"))
        .isNotEqualTo(ApplicationFolder.jobProperties().getProperty("launcherQueue"));
  }

  @Test
  void daysRunOneAfterTheOtherAndWaitForTheDayBefore() throws IOException {
    assertThat(ApplicationFolder.text("coordinator.xml"))
        .contains(
            "<concurrency>1</concurrency>",
            "<execution>FIFO</execution>",
            "<timeout>${timeoutMinutes}</timeout>",
            "<instance>${coord:current(-1)}</instance>",
            "<sla:should-end>");
  }

  private static Set<String> variables(String xml) {
    Set<String> variables = new TreeSet<>();
    Matcher expressions = EXPRESSION.matcher(xml);
    while (expressions.find()) {
      Matcher names = NAME.matcher(expressions.group(1).replaceAll("'[^']*'", "''"));
      while (names.find()) {
        variables.add(names.group());
      }
    }
    variables.removeAll(WORDS);
    return variables;
  }

  private static Set<String> attributes(String xml, String pattern) {
    Set<String> values = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(xml);
    while (matcher.find()) {
      values.add(matcher.group(1));
    }
    return values;
  }

  private static void validate(String xml) throws SAXException, IOException {
    String[] schemas;
    if (xml.contains("<workflow-app")) {
      schemas = new String[] {"oozie-workflow-1.0.xsd", "shell-action-1.0.xsd"};
    } else if (xml.contains("<coordinator-app")) {
      schemas = new String[] {"oozie-coordinator-0.5.xsd", "oozie-sla-0.2.xsd"};
    } else {
      schemas = new String[] {"oozie-bundle-0.2.xsd"};
    }
    Schema schema =
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
            .newSchema(
                Arrays.stream(schemas).map(TestApplicationFiles::schema).toArray(Source[]::new));
    schema.newValidator().validate(new StreamSource(new StringReader(xml)));
  }

  /** By its address, so that the schema finds the one that it includes. */
  private static Source schema(String name) {
    return new StreamSource(TestApplicationFiles.class.getResource("/" + name).toExternalForm());
  }
}
