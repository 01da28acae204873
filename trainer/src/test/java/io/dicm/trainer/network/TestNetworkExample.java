package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documentation's example of a new network. */
class TestNetworkExample {
  private static final Path SOURCE =
      Path.of("src/test/java/io/dicm/trainer/network/LinearNetwork.java");

  @Test
  void theDocumentedExampleIsTheOneThatIsCompiledHere() throws IOException {
    String source = Files.readString(SOURCE);
    String example =
        source
            .substring(source.indexOf("final class"))
            .lines()
            .map(line -> line.isEmpty() ? "" : "    " + line)
            .collect(Collectors.joining("\n"));

    assertThat(Files.readString(Path.of("../docs/models.md"))).contains(example);
  }

  @Test
  void theExampleComputesWhatItSays() {
    IdShape shape = new IdShape(1, 2, 0, 0, List.of(), 3, 0, 2, 0);
    NetworkProblem problem =
        new NetworkProblem(new LinearNetwork(shape), shape, new int[] {1, 0}, StepContext.PLAIN, 6);
    problem.check(
        p -> {
          double[][] logits = new double[p.impressions()][];
          for (int i = 0; i < logits.length; i++) {
            logits[i] = p.linear("linear", p.flatInputs(i));
          }
          return logits;
        });
  }
}
