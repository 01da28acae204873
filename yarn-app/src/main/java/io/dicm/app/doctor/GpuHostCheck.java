package io.dicm.app.doctor;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.DeviceRequest;
import io.dicm.feature.device.GpuSoftware;
import io.dicm.feature.device.SoftwarePart;
import io.dicm.feature.device.TorchBuild;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * Whether {@code dicm.jar} can compute on GPUs, and what this host, where the client runs, has of
 * what a node needs for it. Without GPUs in the configuration it only tells what there is.
 *
 * @param cudaBuild whether {@code dicm.jar} has libtorch for CUDA
 * @param software of this host
 */
record GpuHostCheck(
    Configuration conf,
    PipelineSettings settings,
    boolean cudaBuild,
    Supplier<List<SoftwarePart>> software)
    implements Check {
  private static final String BUILD = "GPU build";
  private static final String PROCESSOR_ALONE = "dicm.jar has libtorch for the processor alone";
  private static final String HOW_TO_BUILD = "Build it with Maven's profile gpu (-Pgpu)";

  /** Of this process. */
  static GpuHostCheck here(Configuration conf, PipelineSettings settings) {
    return new GpuHostCheck(conf, settings, TorchBuild.hasCuda(), () -> GpuSoftware.here().parts());
  }

  @Override
  public String what() {
    return "GPU software";
  }

  @Override
  public List<Finding> look() {
    List<GpuNeed> needs = GpuNeed.of(DicmConfiguration.of(conf), settings);
    Optional<DeviceRequest> must = GpuNeed.firstMust(needs).map(GpuNeed::request);
    Optional<DeviceRequest> may = GpuNeed.firstMay(needs).map(GpuNeed::request);
    return List.of(build(must, may), host(must, may));
  }

  private Finding build(Optional<DeviceRequest> must, Optional<DeviceRequest> may) {
    if (cudaBuild) {
      return Finding.ok(BUILD, "dicm.jar has libtorch for CUDA");
    }
    if (must.isPresent()) {
      String choice = must.get().choiceKey() + "=";
      return Finding.failed(
          ErrorCode.CONFIGURATION_INVALID,
          BUILD,
          PROCESSOR_ALONE + ", with " + choice + must.get().choice().label(),
          HOW_TO_BUILD + ", or set " + choice + "auto.");
    }
    if (may.isPresent()) {
      String gpus = may.get().gpusKey() + "=";
      return Finding.warning(
          BUILD,
          PROCESSOR_ALONE + ": the GPUs of " + gpus + may.get().gpus() + " would be idle",
          HOW_TO_BUILD + ", or set " + gpus + "0.");
    }
    return Finding.ok(BUILD, PROCESSOR_ALONE + ", the run asks for no GPU");
  }

  private Finding host(Optional<DeviceRequest> must, Optional<DeviceRequest> may) {
    List<SoftwarePart> parts = software.get();
    List<SoftwarePart> missing = parts.stream().filter(part -> !part.enough()).toList();
    String found = found(parts);
    if (missing.isEmpty()) {
      return Finding.ok(what(), found);
    }
    if (must.isPresent()) {
      return Finding.warning(
          what(),
          found + lacking(missing, SoftwarePart::shortfall),
          "The client works; on a node like this containers with %s=%s would fail."
              .formatted(must.get().choiceKey(), must.get().choice().label()));
    }
    String so =
        may.isPresent()
            ? "; a node like this would compute on the processor"
            : ", which the run does not need";
    return Finding.ok(what(), found + lacking(missing, SoftwarePart::what) + so);
  }

  private static String found(List<SoftwarePart> parts) {
    String enough =
        parts.stream()
            .filter(SoftwarePart::enough)
            .map(part -> part.what() + " (" + part.found() + ")")
            .collect(Collectors.joining(", "));
    return "this host has " + (enough.isEmpty() ? "nothing of it" : enough);
  }

  private static String lacking(List<SoftwarePart> missing, Function<SoftwarePart, String> words) {
    return missing.stream().map(words).collect(Collectors.joining(", ", "; lacks ", ""));
  }
}
