package io.dicm.app.master.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.master.history.RunSnapshot;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class TestRunPage {
  private static final String MEASURED = "  12345 of 81559 MiB, 87\u00A0% busy";

  private final RunPage page = new RunPage();

  @Test
  void archivedPageIsOneFileThatRunsNothing() throws Exception {
    String text = page.archived(PlausibleRun.training());
    Document read = parse(text);

    assertThat(text)
        .doesNotContain("<script")
        .doesNotContain("<link")
        .contains("default-src &#39;none&#39;")
        .contains("prefers-color-scheme: dark");
    assertThat(elements(read, "section"))
        .extracting(section -> section.getAttribute("id"))
        .containsExactly("summary", "stages", "training", "containers", "configuration");
    assertThat(elements(read, "h1")).hasSize(1);
    assertThat(elements(read, "main")).hasSize(1);
  }

  @Test
  void everyChartHasANameAndATableBehindIt() throws Exception {
    Document read = parse(page.archived(PlausibleRun.training()));

    List<Element> charts =
        elements(read, "svg").stream()
            .filter(svg -> svg.getAttribute("class").equals("chart"))
            .toList();
    assertThat(charts).hasSize(5);
    for (Element chart : charts) {
      assertThat(chart.getAttribute("role")).isEqualTo("img");
      assertThat(chart.getElementsByTagName("title").item(0).getTextContent()).contains("by step");
    }
    Element table = elements(read, "details").get(0);
    assertThat(table.getElementsByTagName("tr").getLength()).isEqualTo(1 + 24);
    assertThat(table.getTextContent()).contains("7\u202F200");
    assertThat(elements(read, "svg").stream().filter(svg -> svg.getAttribute("role").isEmpty()))
        .allMatch(svg -> svg.getAttribute("aria-hidden").equals("true"));
  }

  @Test
  void identifiersAreUnique() throws Exception {
    for (String text :
        List.of(page.live(PlausibleRun.training()), page.archived(PlausibleRun.training()))) {
      List<String> ids =
          elements(parse(text), "*").stream()
              .map(element -> element.getAttribute("id"))
              .filter(id -> !id.isEmpty())
              .toList();
      assertThat(ids).doesNotHaveDuplicates();
    }
  }

  @Test
  void gpusAreShownWhereAContainerHasSome() throws Exception {
    Element table = containers(PlausibleRun.training());

    assertThat(table.getElementsByTagName("tr").item(0).getTextContent())
        .isEqualTo("containerstagestatedonememorypeakGPUsnodelogs");
    NodeList rows = table.getElementsByTagName("tr");
    for (int i = 1; i < rows.getLength(); i++) {
      Element row = (Element) rows.item(i);
      String measured = row.getTextContent().startsWith("worker 0") ? MEASURED : "";
      assertThat(row.getElementsByTagName("td").item(5).getTextContent())
          .isEqualTo(row.getTextContent().startsWith("worker") ? "1" + measured : "–");
    }
    assertThat(containers(PlausibleRun.hostile("x")).getTextContent()).doesNotContain("GPUs");
  }

  @Test
  void saysWhoseTheMeasuresOfAGpuAre() {
    String said = "A GPU’s memory and busy time are those of all processes on it.";
    assertThat(page.archived(PlausibleRun.training())).contains(said);
    assertThat(page.archived(PlausibleRun.failed())).doesNotContain(said);
  }

  private Element containers(RunSnapshot run) throws Exception {
    return elements(parse(page.archived(run)), "table").stream()
        .filter(table -> table.getTextContent().startsWith("Containers of training and prediction"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void saysWhyARunFailed() {
    assertThat(page.archived(PlausibleRun.failed()))
        .contains("Stage train failed. CONTAINER_FAILED: worker 1")
        .contains("INTERNAL: &lt;b&gt;it&lt;/b&gt; broke");
  }

  @Test
  void hostileTextsStayTexts() throws Exception {
    RunSnapshot run = PlausibleRun.hostile("</script><img src=x onerror=alert(1)>\u0000\"'&");

    for (String text : List.of(page.live(run), page.archived(run), page.configuration(run))) {
      Document read = parse(text);
      assertThat(elements(read, "img")).isEmpty();
      assertThat(elements(read, "a"))
          .extracting(link -> link.getAttribute("href"))
          .noneMatch(place -> place.contains("javascript"));
    }
    assertThat(page.parts(run).get("parts").toString()).doesNotContain("<img");
  }

  @Test
  void partsAreThoseOfThePage() {
    RunSnapshot run = PlausibleRun.training();
    Map<?, ?> parts = (Map<?, ?>) page.parts(run).get("parts");

    String text = page.live(run);
    assertThat(parts).hasSize(4);
    parts.forEach((id, part) -> assertThat(text).contains("id=\"" + id + "-content\">" + part));
    assertThat(page.parts(run))
        .containsEntry("announcement", "Stage train runs, 40\u00A0% are done.")
        .containsEntry("title", "Run shop-a of 2026-07-01: running, 58\u00A0%");
  }

  @Test
  void runWithoutDetailsIsShownToo() throws Exception {
    RunSnapshot old =
        new RunSnapshot(
            "application_1_1",
            "daily",
            "2026-07-01",
            "a",
            1,
            PlausibleRun.training().stages(),
            List.of(),
            null);

    assertThat(parse(page.archived(old)).getDocumentElement().getTextContent())
        .contains("No step has been reported.")
        .contains("The history has no configuration.");
  }

  private static Document parse(String text) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
  }

  private static List<Element> elements(Document page, String name) {
    NodeList found = page.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }
}
