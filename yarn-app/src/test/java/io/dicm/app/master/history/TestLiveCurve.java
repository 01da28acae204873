package io.dicm.app.master.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestLiveCurve {
  private final LiveCurve curve = new LiveCurve();

  @Test
  void ratesAreThoseBetweenPoints() {
    curve.add(sample(0, 10, 1000, 20, 100));
    curve.add(sample(2000, 20, 5000, 40, 300));

    List<CurvePoint> points = curve.points();
    assertThat(points).extracting(CurvePoint::steps).containsExactly(10L, 20L);
    assertThat(points.get(0).impressionsPerSecond()).isNull();
    assertThat(points.get(1).impressionsPerSecond()).isEqualTo(2000);
    assertThat(points.get(1).waitMsPerStep()).isEqualTo(10);
  }

  @Test
  void newestSampleIsShownBeforeItsPointIsDue() {
    curve.add(sample(0, 10, 0, 0, 0));
    curve.add(sample(300, 11, 0, 0, 0));
    curve.add(sample(600, 12, 0, 0, 0));

    assertThat(curve.points()).extracting(CurvePoint::steps).containsExactly(10L, 12L);
  }

  @Test
  void nothingIsKnownBeforeTheFirstStep() {
    curve.add(sample(0, 0, 0, 0, 0));

    assertThat(curve.points()).isEmpty();
  }

  @Test
  void longTrainingHasFewPointsThatCoverAllOfIt() {
    for (int i = 1; i <= 10_000; i++) {
      curve.add(sample(i * 1000L, i * 5L, i * 100L, i, 0));
    }

    List<CurvePoint> points = curve.points();
    assertThat(points).hasSizeBetween(LiveCurve.MOST_POINTS / 2, LiveCurve.MOST_POINTS + 1);
    assertThat(points.get(points.size() - 1).steps()).isEqualTo(50_000);
    assertThat(points.get(0).steps()).isLessThan(50_000 / 100);
    assertThat(points).extracting(CurvePoint::steps).isSorted();
    assertThat(points.get(60).impressionsPerSecond()).isCloseTo(100, within(1e-9));
  }

  @Test
  void restartedTrainingReplacesTheStepsThatItMakesAgainAndKeepsTheBytes() {
    curve.add(sample(0, 10, 0, 0, 1000));
    curve.add(sample(2000, 20, 0, 0, 2000));
    curve.add(sample(4000, 30, 0, 0, 3000));

    curve.add(sample(9000, 15, 0, 0, 0));
    curve.add(sample(11_000, 25, 0, 0, 1000));

    List<CurvePoint> points = curve.points();
    assertThat(points).extracting(CurvePoint::steps).containsExactly(10L, 15L, 25L);
    assertThat(points).extracting(CurvePoint::rawVectorBytes).containsExactly(1000L, 3000L, 4000L);
    assertThat(points.get(1).impressionsPerSecond()).as("the restart is no speed").isNull();
  }

  @Test
  void goesOnAfterThePointsOfAnEarlierMaster() {
    curve.add(sample(0, 10, 0, 0, 1000));
    curve.add(sample(2000, 20, 0, 0, 2000));
    curve.add(sample(4000, 30, 0, 0, 3000));
    LiveCurve next = new LiveCurve();

    next.resume(curve.points());
    assertThat(next.points()).isEqualTo(curve.points());
    next.add(sample(9000, 15, 0, 0, 500));
    next.add(sample(11_000, 25, 0, 0, 1000));

    assertThat(next.points()).extracting(CurvePoint::steps).containsExactly(10L, 15L, 25L);
    assertThat(next.points())
        .extracting(CurvePoint::rawVectorBytes)
        .containsExactly(1000L, 3500L, 4000L);
  }

  private static TrainingSample sample(
      long atMs, long steps, long impressions, long serverSteps, long rawBytes) {
    return new TrainingSample(
        atMs,
        steps,
        0.5,
        0.6,
        null,
        impressions,
        serverSteps,
        serverSteps * 10,
        rawBytes / 10,
        rawBytes);
  }
}
