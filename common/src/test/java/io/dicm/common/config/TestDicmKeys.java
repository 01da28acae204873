package io.dicm.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.ProjectDocs;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestDicmKeys {
  private static final String START = "<!-- keys: made from dicm-default.xml -->\n";

  @Test
  void classAndDefaultsHaveTheSameKeys() throws Exception {
    List<String> defaults =
        ConfigurationReference.keys().stream().map(ConfigurationReference.Key::name).toList();

    assertThat(keysOfClass()).containsExactlyInAnyOrderElementsOf(defaults);
    assertThat(defaults).doesNotHaveDuplicates().allMatch(key -> key.startsWith("dicm."));
  }

  @Test
  void everyKeyIsDescribed() throws IOException {
    assertThat(ConfigurationReference.keys())
        .allSatisfy(key -> assertThat(key.description()).as(key.name()).hasSizeGreaterThan(10));
  }

  @Test
  void constantsAreNamedAsTheirKeys() throws Exception {
    for (Field field : constants()) {
      String key = (String) field.get(null);
      assertThat(field.getName())
          .isEqualTo(
              key.substring("dicm.".length())
                  .toUpperCase(java.util.Locale.ROOT)
                  .replaceAll("[.-]", "_"));
    }
  }

  /** With {@code -Ddicm.docs.update=true} the document is written anew instead. */
  @Test
  void documentListsEveryKey() throws IOException {
    Path document = ProjectDocs.file("configuration.md");
    String text = Files.readString(document);
    assertThat(text).contains(START);
    int start = text.indexOf(START) + START.length();

    if (Boolean.getBoolean("dicm.docs.update")) {
      Files.writeString(document, text.substring(0, start) + ConfigurationReference.markdown());
    } else {
      assertThat(text.substring(start))
          .as("docs/configuration.md; -Ddicm.docs.update=true in this test writes it anew")
          .isEqualTo(ConfigurationReference.markdown());
    }
  }

  private static List<String> keysOfClass() throws IllegalAccessException {
    List<String> keys = new ArrayList<>();
    for (Field field : constants()) {
      keys.add((String) field.get(null));
    }
    return keys;
  }

  private static List<Field> constants() {
    List<Field> fields = new ArrayList<>();
    for (Field field : DicmKeys.class.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers())) {
        fields.add(field);
      }
    }
    return fields;
  }
}
