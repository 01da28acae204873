package io.dicm.app.master.web;

import io.dicm.app.master.history.ContainerRecord;
import io.dicm.app.master.history.CurvePoint;
import io.dicm.app.master.history.GpuUse;
import io.dicm.app.master.history.RoleMemory;
import io.dicm.app.master.history.RunDetails;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs as they may look, made without one. */
public final class PlausibleRun {
  private static final long BEGAN_MS = 1_782_900_000_000L;
  private static final long MIB = 1 << 20;

  private PlausibleRun() {}

  /** A run in the middle of its training. */
  public static RunSnapshot training() {
    return run(
        List.of(
            stage("extract", StageState.SUCCEEDED, 0, 754, 1, "12 480 images, 3 rejected"),
            stage("samples", StageState.SUCCEEDED, 755, 861, 1, "2 104 772 impressions"),
            stage("train", StageState.RUNNING, 862, 0, 0.46f, "epoch 1/2 loss 0.4127"),
            StageRecord.waiting("predict"),
            StageRecord.waiting("evaluate"),
            StageRecord.waiting("publish"),
            StageRecord.waiting("register")),
        List.of(
            container("server", 0, "running", 905, 1290, ""),
            container("server", 1, "running", 1411, 1433, ""),
            container("worker", 0, "running", 655, 702, "epoch 1/2 loss 0.4127")
                .with(List.of(gpu("NVIDIA H100 80GB HBM3"))),
            container("worker", 1, "running", 640, 699, "epoch 1/2 loss 0.4131")),
        curve(180),
        1_140_000L);
  }

  /** A run whose training failed. */
  public static RunSnapshot failed() {
    return run(
        List.of(
            stage("samples", StageState.SKIPPED, 0, 1, 1, "there already"),
            stage(
                "train",
                StageState.FAILED,
                2,
                300,
                0.31f,
                "CONTAINER_FAILED: worker 1 in container_1_0001_01_000005 on node-7:8041 ended with"
                    + " exit status 137. See its log.")),
        List.of(
            container("server", 0, "ended", 0, 1290, ""),
            container("worker", 0, "ended", 0, 702, "epoch 1/2 loss 0.4127"),
            container("worker", 1, "failed", 0, 1536, "INTERNAL: <b>it</b> broke")),
        curve(40),
        null);
  }

  /** A GPU that tells all but its temperature. */
  static GpuUse gpu(String name) {
    return new GpuUse(0, name, "GPU-5c1f", 12_345 * MIB, 81_559 * MIB, 87, 412.5, null);
  }

  /** A run with texts that try to be markup. */
  static RunSnapshot hostile(String text) {
    return new RunSnapshot(
        "application_1_0001",
        text,
        "2026-07-01",
        "a",
        0.5f,
        List.of(new StageRecord("train", StageState.FAILED, 1, 2, 0.5f, text)),
        List.of(new RoleMemory(text, 10, 5)),
        new RunDetails(
            5,
            text,
            List.of("application_1_0001"),
            null,
            List.of(
                new ContainerRecord(
                        "container_1",
                        text,
                        "worker",
                        0,
                        "failed",
                        text,
                        "javascript:alert(1)//" + text,
                        10,
                        0,
                        1,
                        1,
                        1,
                        2,
                        text)
                    .with(List.of(gpu(text)))),
            curve(3),
            Map.of("dicm.hive.database", text)));
  }

  /** A curve of so many points. */
  static List<CurvePoint> curve(int points) {
    Random random = new Random(7);
    List<CurvePoint> curve = new ArrayList<>();
    for (int i = 1; i <= points; i++) {
      double come = 1 - Math.exp(-i / 50.0);
      curve.add(
          new CurvePoint(
              BEGAN_MS + 862_000 + i * 4_000L,
              i * 40L,
              0.69 - 0.27 * come + 0.01 * random.nextGaussian(),
              i < 4 ? null : 0.5 + 0.17 * come + 0.006 * random.nextGaussian(),
              i < 4 ? null : 0.5 + 0.14 * come + 0.006 * random.nextGaussian(),
              i == 1 ? null : 2450 + 130 * random.nextGaussian(),
              3 + Math.abs(2 * random.nextGaussian()) + (i > 120 && i < 135 ? 40 : 0),
              i * 41_000_000L,
              i * 13_980_000_000L));
    }
    return curve;
  }

  private static RunSnapshot run(
      List<StageRecord> stages,
      List<ContainerRecord> containers,
      List<CurvePoint> curve,
      Long leftMs) {
    return new RunSnapshot(
        "application_1782899000000_0042",
        "shop-daily",
        "2026-07-01",
        "shop-a",
        0.58f,
        stages,
        List.of(
            new RoleMemory("extract map", 2048, 1511), new RoleMemory("samples reduce", 1024, 388)),
        new RunDetails(
            BEGAN_MS + 1_830_000,
            "ann",
            List.of("application_1782899000000_0042"),
            leftMs,
            containers,
            curve,
            Map.of(
                "dicm.train.batch-size", "4096",
                "dicm.train.learning-rate", "0.01",
                "dicm.hive.jdbc-url", "jdbc:hive2://hive:10000/;password=<redacted>",
                "dicm.workspace.path", "hdfs://cluster/shop/workspace")));
  }

  private static StageRecord stage(
      String name, StageState state, int fromSeconds, int toSeconds, float done, String detail) {
    return new StageRecord(
        name,
        state,
        BEGAN_MS + fromSeconds * 1000L,
        toSeconds == 0 ? 0 : BEGAN_MS + toSeconds * 1000L,
        done,
        detail);
  }

  private static ContainerRecord container(
      String role, int index, String state, int residentMb, int peakMb, String note) {
    int number = index + (role.equals("server") ? 2 : 4);
    String id = "container_1782899000000_0042_01_00000" + number;
    return new ContainerRecord(
        id,
        "train",
        role,
        index,
        state,
        "node-" + number + ".example.org:8041",
        "http://node-" + number + ".example.org:8042/node/containerlogs/" + id + "/ann",
        1536,
        role.equals("worker") ? 1 : 0,
        residentMb * MIB,
        peakMb * MIB,
        role.equals("server") ? 0 : 970_000 + index * 4000,
        role.equals("server") ? 0 : 2_104_772,
        note);
  }
}
