package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestCurveRecorder {
  @Test
  void aPointHoldsMeanLossAndSpeed() {
    CurveRecorder recorder = new CurveRecorder();
    recorder.add(0, 10, 5.0, 2_000_000_000L);
    assertThat(recorder.points()).containsExactly(new TrainingCurve.Point(1, 0, 10, 0.5, 5.0));
    assertThat(recorder.runningLoss()).isEqualTo(0.5);
  }

  @Test
  void afterACheckpointItCountsOn() {
    CurveRecorder recorder = new CurveRecorder();
    recorder.startAfter(100, 800);
    recorder.add(1, 10, 5.0, 2_000_000_000L);
    assertThat(recorder.points()).containsExactly(new TrainingCurve.Point(101, 1, 810, 0.5, 5.0));
    assertThat(recorder.runningLoss()).isEqualTo(0.5);
  }

  @Test
  void aLongTrainingMakesFewPointsThatLoseNothing() {
    CurveRecorder recorder = new CurveRecorder();
    double losses = 0;
    for (int step = 0; step < 10_000; step++) {
      recorder.add(step / 5_000, 2, step, 1_000);
      losses += step;
    }
    List<TrainingCurve.Point> points = recorder.points();
    assertThat(points).hasSizeBetween(256, 512);
    assertThat(points.get(points.size() - 1).step()).isEqualTo(10_000);
    double sum = 0;
    long before = 0;
    for (TrainingCurve.Point point : points) {
      sum += point.loss() * (point.impressions() - before);
      before = point.impressions();
    }
    assertThat(sum).isCloseTo(losses, within(1e-6 * losses));
    assertThat(before).isEqualTo(20_000);
    assertThat(recorder.steps()).isEqualTo(10_000);
    assertThat(recorder.runningLoss()).isBetween(4_900.0, 5_000.0);
  }
}
