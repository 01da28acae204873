package io.dicm.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.network.IdNetworkKind;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestNetworkBenchmark {
  private final Configuration conf = configuration();

  @TempDir private Path folder;

  @Test
  void everyNetworkIsMeasuredWithoutAndWithPictures() throws Exception {
    NetworkBenchmark benchmark = new NetworkBenchmark(conf, plan());

    List<NetworkRate> rates = benchmark.run(ProgressListener.NONE);

    assertThat(benchmark.leftOut()).isEmpty();
    assertThat(rates).hasSize(2 * IdNetworkKind.values().length);
    assertThat(rates).extracting(NetworkRate::network, NetworkRate::images).doesNotHaveDuplicates();
    for (NetworkRate rate : rates) {
      assertThat(rate.stepMs()).isPositive().isFinite();
      assertThat(rate.byPlainLoop()).isPositive().isFinite();
    }
  }

  @Test
  void saysWhyANetworkCannotBeServed() throws Exception {
    conf.set(DicmKeys.MODEL_AGGREGATOR, "attentive");
    NetworkBenchmark benchmark = new NetworkBenchmark(conf, plan());

    List<NetworkRate> rates = benchmark.run(ProgressListener.NONE);

    assertThat(rates).extracting(NetworkRate::images).containsOnly(ImageMode.JOINT);
    assertThat(benchmark.leftOut())
        .hasSize(IdNetworkKind.values().length + 1)
        .anySatisfy(
            why ->
                assertThat(why)
                    .startsWith(
                        "two-towers, images joint: Cannot use dicm.model.aggregator=attentive"));
  }

  private NetworkPlan plan() throws Exception {
    StepData data =
        new GeneratedSamples(20, 20, 100, 6)
            .write(conf, new org.apache.hadoop.fs.Path(folder.toUri()), 16);
    return new NetworkPlan(data, 16, 1, 1, 1, 1, 4);
  }

  private static Configuration configuration() {
    DicmConfiguration.registerDefaults();
    return new Configuration();
  }
}
