package io.dicm.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.app.bench.PythonBaseline.Program;
import io.dicm.app.bench.PythonBaseline.Result;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.bench.LargeStepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What PyTorch reaches with the same numbers as ours. Where it is not installed nothing is reached,
 * and the notes say so. For one thread.
 */
public final class PythonRates {
  private final PythonBaseline baseline;
  private final Set<String> notes = new LinkedHashSet<>();

  public PythonRates(PythonBaseline baseline) {
    this.baseline = baseline;
  }

  /** Samples a second of a training step by variant, {@code eager} and {@code compile}. */
  public Map<String, Double> steps(LargeStepPlan plan) throws IOException, InterruptedException {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("batch", plan.impressions());
    options.put("images", plan.behaviors() + 1);
    options.put("unique", plan.images());
    options.put("unique-ads", plan.shownImages());
    options.put("dimension", plan.dimension());
    options.put("fields", plan.fields());
    options.put("id-rows", plan.ids());
    options.put("precision", plan.arithmetic().label());
    options.put("steps", plan.steps());
    // Without a step before, the compiler's time would be the first step's.
    options.put("warm-up", Math.max(1, plan.warmUpSteps()));
    options.put("device", name(plan.device()));
    return rates(Program.DICM_STEP, options, plan.arithmetic().label(), "samples_per_second");
  }

  /** Pictures a second of VGG16 by variant. */
  public Map<String, Double> vgg16(DevicePlan plan, String precision)
      throws IOException, InterruptedException {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("batch-sizes", plan.batchSize());
    options.put("precision", precision);
    options.put("steps", Math.max(1, plan.pictures() / plan.batchSize()));
    options.put("device", name(plan.steps().device()));
    return rates(Program.VGG16, options, precision, "images_per_second");
  }

  /** What is missing and why. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  private Map<String, Double> rates(
      Program program, Map<String, Object> options, String precision, String figure)
      throws IOException, InterruptedException {
    Map<String, Double> rates = new LinkedHashMap<>();
    if (notes.contains(PythonBaseline.NOT_INSTALLED)) {
      return rates;
    }
    List<String> arguments = new ArrayList<>();
    options.forEach((name, value) -> arguments.addAll(List.of("--" + name, value.toString())));
    Result result = baseline.run(program, arguments);
    if (!result.unavailable().isEmpty()) {
      notes.add(result.unavailable());
    }
    for (JsonNode row : result.rows()) {
      String variant = row.path("variant").asText();
      if (row.path(figure).asDouble() > 0) {
        rates.put(variant, row.path(figure).asDouble());
      } else {
        notes.add(
            "PyTorch's %s, %s in %s, measured nothing: %s"
                .formatted(program.label(), variant, precision, row.path("error").asText()));
      }
    }
    return rates;
  }

  private static String name(ComputeDevice device) {
    return device.isProcessor() ? "cpu" : "cuda";
  }
}
