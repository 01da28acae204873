package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.pipeline.StageName;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.ParseException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestDeviceOption {
  private final Configuration conf = new Configuration(false);

  @Test
  void oneChoiceIsForAllRolesOfACommand() throws Exception {
    apply(new PipelineCommand(), StageName.all(), "--device", "cuda");
    assertThat(keys())
        .isEqualTo(
            Map.of(
                "dicm.extract.device", "cuda",
                "dicm.yarn.server.device", "cuda",
                "dicm.yarn.worker.device", "cuda",
                "dicm.yarn.predictor.device", "cuda"));

    conf.clear();
    apply(new StageCommand(StageName.EXTRACT), List.of(StageName.EXTRACT), "--device", "cpu");
    assertThat(keys()).isEqualTo(Map.of("dicm.extract.device", "cpu"));

    conf.clear();
    apply(new PredictCommand(), List.of(StageName.PREDICT), "--device", "auto");
    assertThat(keys()).isEqualTo(Map.of("dicm.yarn.predictor.device", "auto"));
  }

  @Test
  void eachRoleMayHaveItsOwn() throws Exception {
    conf.set("dicm.yarn.server.device", "auto");
    conf.set("dicm.yarn.worker.device", "cpu");

    apply(new StageCommand(StageName.TRAIN), List.of(StageName.TRAIN), "--device", "worker=cuda");
    assertThat(keys())
        .isEqualTo(Map.of("dicm.yarn.server.device", "auto", "dicm.yarn.worker.device", "cuda"));

    apply(
        new StageCommand(StageName.TRAIN),
        List.of(StageName.TRAIN),
        "--device",
        "server=cuda, worker=cpu");
    assertThat(keys())
        .isEqualTo(Map.of("dicm.yarn.server.device", "cuda", "dicm.yarn.worker.device", "cpu"));
  }

  @Test
  void withoutItTheKeysStay() throws Exception {
    conf.set("dicm.yarn.worker.device", "cuda");
    apply(new StageCommand(StageName.TRAIN), List.of(StageName.TRAIN));
    assertThat(keys()).isEqualTo(Map.of("dicm.yarn.worker.device", "cuda"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "", "predictor=cuda", "worker=gpu", "worker=cuda,", "cpu,cuda"})
  void anotherWordIsUsage(String value) {
    assertThatThrownBy(
            () ->
                apply(
                    new StageCommand(StageName.TRAIN), List.of(StageName.TRAIN), "--device", value))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "--device was '%s', allowed is one of auto, cpu, cuda, or ROLE=WHERE, separated by commas, with the roles server, worker",
            value);
  }

  @Test
  void onlyCommandsThatComputeHaveIt() {
    assertThat(new StageCommand(StageName.SAMPLES).options().hasOption("device")).isFalse();
    assertThat(new StageCommand(StageName.REGISTER).options().hasOption("device")).isFalse();
    assertThat(new StageCommand(StageName.TRAIN).options().getOption("device").getDescription())
        .isEqualTo(
            "where to compute: auto, cpu, cuda, or each role's, such as server=cpu,worker=cuda of"
                + " server, worker (or dicm.yarn.server.device, dicm.yarn.worker.device)");
    assertThat(new PredictCommand().options().getOption("device").getDescription())
        .isEqualTo("where to compute: auto, cpu, cuda (or dicm.yarn.predictor.device)");
  }

  private Map<String, String> keys() {
    return conf.getValByRegex("dicm\\..*");
  }

  private void apply(Command command, List<StageName> stages, String... arguments)
      throws ParseException, UsageException {
    new DeviceOption(stages).apply(new DefaultParser().parse(command.options(), arguments), conf);
  }
}
