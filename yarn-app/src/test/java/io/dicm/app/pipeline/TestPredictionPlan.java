package io.dicm.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.layout.Workspace;
import io.dicm.trainer.predict.MeanKind;
import io.dicm.trainer.samplejob.SampleSplit;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestPredictionPlan {
  private static final PipelineSettings SETTINGS =
      new PipelineSettings(
          "dicm predict",
          new Path("/in"),
          new Workspace(new Path("/w")),
          "2026-07-01",
          "a",
          List.of(StageName.PREDICT));

  private final Configuration conf = new Configuration(false);

  @BeforeEach
  void setUp() {
    conf.addResource("dicm-default.xml");
  }

  @Test
  void theRunsOwnModelScoresItsTestSamples() {
    PredictionPlan plan = plan();

    assertThat(plan.baseline()).isEmpty();
    assertThat(plan.model()).isEqualTo(new Path("/w/models/run=a"));
    assertThat(plan.samples()).isEqualTo(new Path("/w/samples/run=a"));
    assertThat(plan.split()).isEqualTo(SampleSplit.TEST);
  }

  @Test
  void everythingCanBeNamed() {
    conf.set(DicmKeys.PREDICT_BASELINE, "user-mean");
    conf.set(DicmKeys.PREDICT_MODEL, "/c/step=100");
    conf.set(DicmKeys.PREDICT_SAMPLES, "/w/samples/run=b");
    conf.set(DicmKeys.PREDICT_SPLIT, "train");

    PredictionPlan plan = plan();

    assertThat(plan.baseline()).contains(MeanKind.USER_MEAN);
    assertThat(plan.model()).isEqualTo(new Path("/c/step=100"));
    assertThat(plan.samples()).isEqualTo(new Path("/w/samples/run=b"));
    assertThat(plan.split()).isEqualTo(SampleSplit.TRAIN);
  }

  @Test
  void splitsAreTrainAndTest() {
    conf.set(DicmKeys.PREDICT_SPLIT, "all");

    assertThatThrownBy(this::plan)
        .hasMessage("Cannot use dicm.predict.split: was 'all', allowed is one of train, test.");
  }

  private PredictionPlan plan() {
    return PredictionPlan.of(DicmConfiguration.of(conf), SETTINGS);
  }
}
