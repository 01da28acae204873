package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestGenericOptions {
  @Test
  void standInFrontWhereverTheyWere(@TempDir Path folder) throws Exception {
    String site = Files.writeString(folder.resolve("site.xml"), "<configuration/>").toString();
    assertThat(
            GenericOptions.first(
                new String[] {
                  "train", "-Da=1", "--run", "x", "-D", "b=2", "-conf", site, "--detach"
                }))
        .containsExactly(
            "-D", "a=1", "-D", "b=2", "-conf", site, "train", "--run", "x", "--detach");
  }

  @Test
  void nothingIsMovedAfterTwoDashes() throws UsageException {
    assertThat(GenericOptions.first(new String[] {"query", "--", "-D", "a=1"}))
        .containsExactly("query", "--", "-D", "a=1");
  }

  @Test
  void propertyNeedsKeyAndValue() {
    assertThatThrownBy(() -> GenericOptions.first(new String[] {"train", "-D", "epochs"}))
        .isInstanceOf(UsageException.class)
        .hasMessage("option -D needs key=value, was 'epochs'");
    assertThatThrownBy(() -> GenericOptions.first(new String[] {"train", "-conf"}))
        .hasMessage("option -conf needs a value");
  }
}
