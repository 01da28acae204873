package io.dicm.app.master.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TestRunMetrics {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z_:][a-z0-9_:]*)(\\{(?:[a-z_]+=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)+\\})? (\\S+)");

  @Test
  void everyLineIsOfTheFormatAndEverySampleFollowsItsType() {
    Map<String, Double> samples = parse(new RunMetrics().write(PlausibleRun.training()));

    assertThat(samples)
        .containsEntry("dicm_stage_progress_ratio{stage=\"extract\"}", 1.0)
        .containsEntry("dicm_stage_state{stage=\"train\",state=\"running\"}", 1.0)
        .containsEntry("dicm_stage_state{stage=\"train\",state=\"failed\"}", 0.0)
        .containsEntry("dicm_stage_duration_seconds{stage=\"extract\"}", 754.0)
        .containsEntry("dicm_stage_duration_seconds{stage=\"train\"}", 968.0)
        .containsEntry("dicm_stage_left_seconds", 1140.0)
        .containsEntry("dicm_training_steps", 7200.0)
        .containsEntry("dicm_training_image_bytes_total", 180 * 41e6);
    assertThat(samples.keySet())
        .filteredOn(name -> name.startsWith("dicm_container_up{"))
        .hasSize(4)
        .anyMatch(
            name -> name.contains("role=\"worker\",index=\"1\",node=\"node-5.example.org:8041\""));
    assertThat(samples)
        .hasEntrySatisfying(gpus("worker", 4), gpus -> assertThat(gpus).isEqualTo(1))
        .hasEntrySatisfying(gpus("server", 2), gpus -> assertThat(gpus).isZero());
    assertThat(new RunMetrics().write(PlausibleRun.hostile("x"))).doesNotContain("_gpus");
  }

  @Test
  void gpusThatAreMeasuredHaveSamples() {
    Map<String, Double> samples = parse(new RunMetrics().write(PlausibleRun.training()));

    assertThat(samples)
        .containsEntry(gpu("memory_used_bytes"), 12_345.0 * (1 << 20))
        .containsEntry(gpu("memory_total_bytes"), 81_559.0 * (1 << 20))
        .containsEntry(gpu("busy_ratio"), 0.87)
        .containsEntry(gpu("power_watts"), 412.5);
    assertThat(samples.keySet())
        .as("of one worker, and no temperature")
        .filteredOn(name -> name.startsWith("dicm_container_gpu_"))
        .hasSize(4);
    assertThat(new RunMetrics().write(PlausibleRun.failed())).doesNotContain("_gpu_");
  }

  private static String gpu(String what) {
    return "dicm_container_gpu_"
        + what
        + gpus("worker", 4)
            .replaceFirst("^[a-z_]+", "")
            .replace("}", ",gpu=\"0\",gpu_name=\"NVIDIA H100 80GB HBM3\",gpu_uuid=\"GPU-5c1f\"}");
  }

  private static String gpus(String role, int number) {
    return "dicm_container_gpus{container_id=\"container_1782899000000_0042_01_00000%d\",stage=\"train\",role=\"%s\",index=\"0\",node=\"node-%d.example.org:8041\"}"
        .formatted(number, role, number);
  }

  @Test
  void labelsAreEscaped() {
    String text = new RunMetrics().write(PlausibleRun.hostile("a\"} 1\nfake_total 5\\"));

    assertThat(parse(text)).doesNotContainKey("fake_total");
    assertThat(text).contains("gpu_name=\"a\\\"} 1\\nfake_total 5\\\\\"");
    assertThat(text).contains("user=\"a\\\"} 1\\nfake_total 5\\\\\"");
  }

  private static Map<String, Double> parse(String text) {
    assertThat(text).endsWith("\n");
    Map<String, Double> samples = new LinkedHashMap<>();
    Set<String> typed = new HashSet<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        assertThat(typed.add(line.split(" ", 4)[2])).as("once: " + line).isTrue();
      } else if (!line.startsWith("# HELP ")) {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        assertThat(typed).as(line).contains(sample.group(1));
        String series = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
        assertThat(samples.put(series, Double.parseDouble(sample.group(3)))).as(line).isNull();
      }
    }
    return samples;
  }
}
