package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestOozieAction {
  @TempDir Path folder;

  @Test
  void tagOfTheActionIsFound() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("action.xml"),
            """
            <configuration>
              <property><name>oozie.child.mapreduce.job.tags</name><value>oozie-0f2ab</value></property>
              <property><name>oozie.action.id</name><value>7-oozie-W@pipeline</value></property>
            </configuration>
            """);

    assertThat(OozieAction.tags(Map.of("OOZIE_ACTION_CONF_XML", file.toString())))
        .containsExactly("oozie-0f2ab");
  }

  @Test
  void outsideOozieThereIsNone() {
    assertThat(OozieAction.tags(Map.of())).isEmpty();
    assertThat(OozieAction.tags(Map.of("OOZIE_ACTION_CONF_XML", ""))).isEmpty();
  }

  @Test
  void fileThatIsNotThereIsNotPassedOverInSilence() {
    Path file = folder.resolve("gone.xml");

    assertThatThrownBy(() -> OozieAction.tags(Map.of("OOZIE_ACTION_CONF_XML", file.toString())))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("OOZIE_ACTION_CONF_XML names " + file)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }
}
