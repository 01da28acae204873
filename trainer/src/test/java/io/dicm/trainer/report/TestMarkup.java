package io.dicm.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class TestMarkup {
  @Test
  void textAndAttributesAreEscaped() {
    String written =
        new Markup()
            .element("p", "<script>alert('1')</script> & \"2\"", "title", "\"><b a='x'>&")
            .toString();

    assertThat(written)
        .isEqualTo(
            "<p title=\"&quot;&gt;&lt;b a=&#39;x&#39;&gt;&amp;\">"
                + "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;2&quot;</p>");
  }

  @Test
  void charactersThatXmlForbidsAreReplaced() {
    assertThat(new Markup().text("a\u0000b\u001Fc\uD800d\uFFFFe\tf").toString())
        .isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\tf");
    assertThat(new Markup().text("\uD83D\uDC5F é").toString()).isEqualTo("\uD83D\uDC5F é");
  }

  /** Whatever an ID is, the page can be parsed and says it. */
  @Property
  void anyTextIsWellFormed(@ForAll String text) throws Exception {
    String written = new Markup().element("p", text, "title", text).toString();

    Element parsed = Xml.parse(written).getDocumentElement();

    assertThat(parsed.getElementsByTagName("*").getLength()).isZero();
    assertThat(parsed.getTextContent().codePointCount(0, parsed.getTextContent().length()))
        .isEqualTo(
            text.replace("\r\n", "\n").codePointCount(0, text.replace("\r\n", "\n").length()));
  }
}
