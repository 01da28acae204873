package io.dicm.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.bench.StepBenchmark.Way;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.bench.GeneratedSamples;
import io.dicm.trainer.bench.StepData;
import io.dicm.trainer.bench.StepPlan;
import io.dicm.trainer.bench.StepRate;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestStepBenchmark {
  private static final StepBenchmark.Threads THREADS = new StepBenchmark.Threads(1, 1, 1);

  private final Configuration conf = configuration();

  @TempDir private Path folder;

  @Test
  void measuresRealProcesses() throws Exception {
    StepData data =
        new GeneratedSamples(40, 30, 300, 10)
            .write(conf, new org.apache.hadoop.fs.Path(folder.toUri()), 16);
    StepPlan plan = new StepPlan(data, 128, 2, 6);

    Map<Way, StepRate> rates =
        new StepBenchmark(conf, plan, THREADS, folder).run(1, ProgressListener.NONE);

    assertThat(rates).containsOnlyKeys(Way.values());
    rates
        .values()
        .forEach(
            rate -> {
              assertThat(rate.samplesPerSecond()).isPositive().isFinite();
              assertThat(rate.stepMs()).isPositive();
            });
    StepRate shuffled = rates.get(Way.SHUFFLED);
    assertThat(rates.get(Way.PLAIN_LOOP).differentPictures())
        .isEqualTo(shuffled.differentPictures());
    assertThat(rates.get(Way.GROUPED).differentPictures())
        .isLessThan(0.8 * shuffled.differentPictures());
  }

  @Test
  void saysWhatAProcessDiedOf() throws Exception {
    StepData data = new StepData("none", folder.resolve("none").toString(), "", 16);

    assertThatThrownBy(
            () ->
                new StepBenchmark(conf, new StepPlan(data, 8, 1, 1), THREADS, folder)
                    .run(1, ProgressListener.NONE))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("the process plain ended without an answer")
        .hasMessageContaining("none")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STAGE_FAILED);
  }

  private static Configuration configuration() {
    DicmConfiguration.registerDefaults();
    return new Configuration();
  }
}
