package io.dicm.app.master.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Gathers what a training's members say into a curve of at most {@value #MOST_POINTS} points: when
 * there are more, two neighbours at a time become one, and points are taken half as often. Steps
 * ascend: those that a restarted training makes again replace what was known of them. For one
 * thread.
 */
final class LiveCurve {
  static final int MOST_POINTS = 240;
  private static final long FIRST_INTERVAL_MS = 1000;

  private final List<CurvePoint> points = new ArrayList<>();
  private long intervalMs = FIRST_INTERVAL_MS;
  private TrainingSample taken;
  private TrainingSample newest;

  /** Bytes moved by servers that were started anew since: their counters began again. */
  private long earlierImageBytes;

  private long earlierRawBytes;
  private boolean resumed;

  /** Goes on after the points of an earlier application master. */
  void resume(List<CurvePoint> earlier) {
    points.addAll(earlier);
    if (!points.isEmpty()) {
      CurvePoint last = points.get(points.size() - 1);
      earlierImageBytes = last.imageBytes();
      earlierRawBytes = last.rawVectorBytes();
      resumed = true;
    }
  }

  /** Takes what is known now; nothing before the first step. */
  void add(TrainingSample sample) {
    if (sample.steps() <= 0) {
      return;
    }
    if (newest != null && isRestart(sample)) {
      restart(sample);
    }
    if (resumed) {
      points.removeIf(point -> point.steps() >= sample.steps());
      resumed = false;
    }
    newest = sample;
    if (taken == null
        || (sample.atMs() - taken.atMs() >= intervalMs && sample.steps() > taken.steps())) {
      points.add(point(sample));
      taken = sample;
      if (points.size() > MOST_POINTS) {
        halve();
      }
    }
  }

  /** The points so far, the newest sample included. */
  List<CurvePoint> points() {
    List<CurvePoint> all = new ArrayList<>(points);
    if (newest != null && taken != null && newest.steps() > taken.steps()) {
      all.add(point(newest));
    }
    return all;
  }

  private boolean isRestart(TrainingSample sample) {
    return sample.steps() < newest.steps() || sample.rawVectorBytes() < newest.rawVectorBytes();
  }

  private void restart(TrainingSample sample) {
    if (sample.rawVectorBytes() < newest.rawVectorBytes()) {
      earlierImageBytes += newest.imageBytes();
      earlierRawBytes += newest.rawVectorBytes();
    }
    points.removeIf(point -> point.steps() >= sample.steps());
    taken = null;
  }

  private CurvePoint point(TrainingSample sample) {
    return new CurvePoint(
        sample.atMs(),
        sample.steps(),
        Double.isFinite(sample.loss()) ? sample.loss() : null,
        sample.auc(),
        sample.gauc(),
        speed(sample),
        wait(sample),
        earlierImageBytes + sample.imageBytes(),
        earlierRawBytes + sample.rawVectorBytes());
  }

  private Double speed(TrainingSample sample) {
    if (taken == null || sample.atMs() <= taken.atMs()) {
      return null;
    }
    long done = sample.impressions() - taken.impressions();
    return done < 0 ? null : done * 1000.0 / (sample.atMs() - taken.atMs());
  }

  private Double wait(TrainingSample sample) {
    long stepsBefore = taken == null ? 0 : taken.serverSteps();
    long waitBefore = taken == null ? 0 : taken.waitMs();
    long steps = sample.serverSteps() - stepsBefore;
    return steps <= 0 ? null : (double) Math.max(0, sample.waitMs() - waitBefore) / steps;
  }

  private void halve() {
    List<CurvePoint> halved = new ArrayList<>();
    for (int i = 0; i + 1 < points.size(); i += 2) {
      halved.add(points.get(i).joined(points.get(i + 1)));
    }
    if (points.size() % 2 == 1) {
      halved.add(points.get(points.size() - 1));
    }
    points.clear();
    points.addAll(halved);
    intervalMs *= 2;
  }
}
