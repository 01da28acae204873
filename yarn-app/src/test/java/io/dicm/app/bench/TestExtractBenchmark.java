package io.dicm.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.bench.GeneratedPictures;
import io.dicm.feature.bench.MeasuredExtraction;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestExtractBenchmark {
  private final Configuration conf = configuration();

  @TempDir private Path folder;
  @TempDir private Path pictures;

  @Test
  void measuresRealProcesses() throws Exception {
    GeneratedPictures.write(pictures, 2);

    ExtractBenchmark.Result result =
        new ExtractBenchmark(conf, new MeasuredExtraction(pictures.toString(), 1, 3, 2, 1), folder)
            .run(1, ProgressListener.NONE);

    assertThat(result.container().pictures()).isEqualTo(3);
    assertThat(result.container().rejected()).isZero();
    assertThat(result.libtorch().pictures()).isEqualTo(4);
    assertThat(result.ratio()).isPositive().isFinite();
    assertThat(result.container().peakBytes()).isGreaterThan(500L << 20);
    assertThat(result.container().encodeSeconds()).isLessThan(result.container().seconds());
  }

  @Test
  void saysWhatAProcessDiedOf() {
    MeasuredExtraction plan = new MeasuredExtraction(folder.resolve("none").toString(), 1, 1, 1, 1);

    assertThatThrownBy(() -> new ExtractBenchmark(conf, plan, folder).run(1, ProgressListener.NONE))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("the process container ended without an answer")
        .hasMessageContaining("it is not a folder on this machine")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STAGE_FAILED);
  }

  private static Configuration configuration() {
    DicmConfiguration.registerDefaults();
    return new Configuration();
  }
}
