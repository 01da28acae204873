package io.dicm.oozie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
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
import org.xml.sax.SAXException;

class TestWorkflow {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z]+)}");

  @Test
  void isValidAgainstOoziesOwnSchemas() throws Exception {
    validate(ApplicationFolder.text("workflow.xml"));
  }

  @ParameterizedTest
  @CsvSource({
    "<exec>pipeline.sh</exec>, ''",
    "<capture-output/>, <capture-outputs/>",
    "resource-manager>, jobs-tracker>",
    "<start to=\"pipeline\"/>, ''",
  })
  void mistakesAreFound(String text, String replacement) throws IOException {
    String workflow = ApplicationFolder.text("workflow.xml");
    assertThat(workflow).contains(text);

    assertThatThrownBy(() -> validate(workflow.replace(text, replacement)))
        .isInstanceOf(SAXException.class);
  }

  @Test
  void everyVariableIsAJobProperty() throws IOException {
    Set<String> variables = new TreeSet<>();
    Matcher matcher = VARIABLE.matcher(ApplicationFolder.text("workflow.xml"));
    while (matcher.find()) {
      variables.add(matcher.group(1));
    }

    Set<String> properties = ApplicationFolder.jobProperties().stringPropertyNames();
    assertThat(properties).containsAll(variables).contains("oozie.wf.application.path");
    assertThat(variables)
        .as("properties that the workflow reads")
        .containsAll(properties.stream().filter(name -> !name.startsWith("oozie.")).toList());
  }

  @Test
  void everyVariableIsDeclared() throws IOException {
    String workflow = ApplicationFolder.text("workflow.xml");
    Matcher matcher = VARIABLE.matcher(workflow);
    while (matcher.find()) {
      assertThat(workflow).contains("<name>" + matcher.group(1) + "</name>");
    }
  }

  @Test
  void nothingOfASiteIsInTheWorkflow() throws IOException {
    assertThat(ApplicationFolder.text("workflow.xml"))
        .doesNotContain("hdfs:", "jdbc:", "example.com", "/usr/", "/etc/");
  }

  @Test
  void filesOfTheActionAreInTheFolder() throws IOException {
    assertThat(ApplicationFolder.text("workflow.xml"))
        .contains("<exec>pipeline.sh</exec>", "<file>pipeline.sh#pipeline.sh</file>");
    assertThat(ApplicationFolder.file("pipeline.sh")).isExecutable();
  }

  private static void validate(String workflow) throws SAXException, IOException {
    Source[] sources = {schema("oozie-workflow-1.0.xsd"), schema("shell-action-1.0.xsd")};
    Schema schema =
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(sources);
    schema.newValidator().validate(new StreamSource(new StringReader(workflow)));
  }

  /** By its address, so that the schema finds the one that it includes. */
  private static Source schema(String name) {
    return new StreamSource(TestWorkflow.class.getResource("/" + name).toExternalForm());
  }
}
