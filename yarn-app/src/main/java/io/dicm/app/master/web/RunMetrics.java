package io.dicm.app.master.web;

import io.dicm.app.master.history.ContainerRecord;
import io.dicm.app.master.history.CurvePoint;
import io.dicm.app.master.history.GpuUse;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.master.history.StageState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes a run in Prometheus' text format, version 0.0.4. Names end with their unit. For one
 * thread.
 */
final class RunMetrics {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final double MILLIS = 1000;
  private static final double PERCENT = 100;
  private static final long MIB = 1 << 20;

  private final StringBuilder out = new StringBuilder();

  /** The metrics, each line ended by a line feed. */
  String write(RunSnapshot run) {
    run(run);
    stages(run);
    containers(run.page().containers());
    gpus(run.page().containers());
    List<CurvePoint> curve = run.page().curve();
    if (!curve.isEmpty()) {
      training(curve.get(curve.size() - 1));
    }
    return out.toString();
  }

  private void run(RunSnapshot run) {
    head("dicm_run_info", "gauge", "The run; always 1.");
    value(
        "dicm_run_info",
        labels(
            "application_id", run.applicationId(),
            "pipeline", run.name(),
            "date", run.date(),
            "run", run.run(),
            "user", run.page().user()),
        1);
    head("dicm_run_progress_ratio", "gauge", "Share of the whole run that is done, 0 to 1.");
    value("dicm_run_progress_ratio", Map.of(), run.progress());
  }

  private void stages(RunSnapshot run) {
    head("dicm_stage_progress_ratio", "gauge", "Share of a stage that is done, 0 to 1.");
    for (StageRecord stage : run.stages()) {
      value("dicm_stage_progress_ratio", labels("stage", stage.stage()), stage.fraction());
    }
    head("dicm_stage_state", "gauge", "1 for the state that a stage is in.");
    for (StageRecord stage : run.stages()) {
      for (StageState state : StageState.values()) {
        value(
            "dicm_stage_state",
            labels("stage", stage.stage(), "state", state.name().toLowerCase(Locale.ROOT)),
            state == stage.state() ? 1 : 0);
      }
    }
    head("dicm_stage_duration_seconds", "gauge", "Time since a stage began, or that it took.");
    for (StageRecord stage : run.stages()) {
      if (stage.startedAtMs() > 0) {
        long untilMs = stage.finishedAtMs() > 0 ? stage.finishedAtMs() : run.page().madeAtMs();
        value(
            "dicm_stage_duration_seconds",
            labels("stage", stage.stage()),
            (untilMs - stage.startedAtMs()) / MILLIS);
      }
    }
    if (run.page().stageLeftMs() != null) {
      head("dicm_stage_left_seconds", "gauge", "Estimated time until the running stage's end.");
      value("dicm_stage_left_seconds", Map.of(), run.page().stageLeftMs() / MILLIS);
    }
  }

  private void containers(List<ContainerRecord> containers) {
    if (containers.isEmpty()) {
      return;
    }
    head("dicm_container_up", "gauge", "1 while a container of a gang runs, 0 after its end.");
    for (ContainerRecord one : containers) {
      value("dicm_container_up", labels(one), one.runs() ? 1 : 0);
    }
    head("dicm_container_memory_limit_bytes", "gauge", "What YARN gives a container.");
    for (ContainerRecord one : containers) {
      value("dicm_container_memory_limit_bytes", labels(one), one.memoryMb() * MIB);
    }
    if (containers.stream().anyMatch(one -> one.gpus() > 0)) {
      head("dicm_container_gpus", "gauge", "GPUs that YARN gives a container.");
      for (ContainerRecord one : containers) {
        value("dicm_container_gpus", labels(one), one.gpus());
      }
    }
    head("dicm_container_resident_bytes", "gauge", "Memory resident now.");
    for (ContainerRecord one : containers) {
      if (one.residentBytes() > 0) {
        value("dicm_container_resident_bytes", labels(one), one.residentBytes());
      }
    }
    head("dicm_container_peak_resident_bytes", "gauge", "Most memory that was resident.");
    for (ContainerRecord one : containers) {
      if (one.peakResidentBytes() > 0) {
        value("dicm_container_peak_resident_bytes", labels(one), one.peakResidentBytes());
      }
    }
  }

  private void gpus(List<ContainerRecord> containers) {
    gpu(
        containers,
        "dicm_container_gpu_memory_used_bytes",
        "Memory in use on a container's GPU, by all processes.",
        GpuUse::usedBytes);
    gpu(
        containers,
        "dicm_container_gpu_memory_total_bytes",
        "Memory of a container's GPU.",
        GpuUse::totalBytes);
    gpu(
        containers,
        "dicm_container_gpu_busy_ratio",
        "Share of the last moments in which a kernel ran, of any process, 0 to 1.",
        gpu -> gpu.busyPercent() == null ? null : gpu.busyPercent() / PERCENT);
    gpu(
        containers,
        "dicm_container_gpu_power_watts",
        "Power that a container's GPU draws.",
        GpuUse::powerWatts);
    gpu(
        containers,
        "dicm_container_gpu_temperature_celsius",
        "Temperature of a container's GPU.",
        GpuUse::celsius);
  }

  /**
   * Of all GPUs, those that do not tell left out.
   *
   * @param value null: unknown
   */
  private void gpu(
      List<ContainerRecord> containers,
      String name,
      String help,
      Function<GpuUse, ? extends Number> value) {
    if (containers.stream().noneMatch(one -> known(one, value))) {
      return;
    }
    head(name, "gauge", help);
    for (ContainerRecord one : containers) {
      for (GpuUse gpu : one.gpuUse()) {
        Number now = value.apply(gpu);
        if (now != null) {
          sample(name, labels(one, gpu), now.toString());
        }
      }
    }
  }

  private static boolean known(ContainerRecord one, Function<GpuUse, ? extends Number> value) {
    return one.gpuUse().stream().anyMatch(gpu -> value.apply(gpu) != null);
  }

  private void training(CurvePoint now) {
    gauge("dicm_training_steps", "Steps that worker 0 has made.", (double) now.steps());
    gauge("dicm_training_loss_nats", "Mean loss of the latest hundred steps or so.", now.loss());
    gauge("dicm_training_auc_ratio", "Progressive AUC of the latest window.", now.auc());
    gauge("dicm_training_gauc_ratio", "Progressive GAUC of the latest window.", now.gauc());
    gauge(
        "dicm_training_impressions_per_second",
        "Impressions that all workers train on.",
        now.impressionsPerSecond());
    gauge(
        "dicm_training_window_wait_seconds_per_step",
        "Time for which a server's step waits for its last worker.",
        now.waitMsPerStep() == null ? null : now.waitMsPerStep() / MILLIS);
    counter(
        "dicm_training_image_bytes_total",
        "Codes of images and their gradients that servers received and sent.",
        now.imageBytes());
    counter(
        "dicm_training_raw_vector_bytes_total",
        "What the same requests would have sent as float32 vectors.",
        now.rawVectorBytes());
  }

  private void gauge(String name, String help, Double value) {
    if (value != null) {
      head(name, "gauge", help);
      value(name, Map.of(), value);
    }
  }

  private void counter(String name, String help, long value) {
    head(name, "counter", help);
    value(name, Map.of(), value);
  }

  private static Map<String, String> labels(ContainerRecord one) {
    return labels(
        "container_id", one.containerId(),
        "stage", one.stage(),
        "role", one.role(),
        "index", Integer.toString(one.index()),
        "node", one.node());
  }

  private static Map<String, String> labels(ContainerRecord one, GpuUse gpu) {
    Map<String, String> labels = labels(one);
    labels.put("gpu", Integer.toString(gpu.number()));
    labels.put("gpu_name", gpu.name());
    if (gpu.uuid() != null) {
      labels.put("gpu_uuid", gpu.uuid());
    }
    return labels;
  }

  private static Map<String, String> labels(String... namesAndValues) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return labels;
  }

  private void head(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void value(String name, Map<String, String> labels, long value) {
    sample(name, labels, Long.toString(value));
  }

  private void value(String name, Map<String, String> labels, double value) {
    sample(name, labels, Double.toString(value));
  }

  private void sample(String name, Map<String, String> labels, String value) {
    out.append(name);
    String separator = "{";
    for (Map.Entry<String, String> label : labels.entrySet()) {
      out.append(separator).append(label.getKey()).append("=\"");
      out.append(escaped(label.getValue())).append('"');
      separator = ",";
    }
    out.append(labels.isEmpty() ? "" : "}").append(' ').append(value).append('\n');
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
