package io.dicm.trainer.bench;

import io.dicm.ams.bench.DeviceMatrixRate;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.bench.DeviceVgg16;
import io.dicm.feature.device.GpuFailures;
import io.dicm.feature.device.TorchBuild;
import io.dicm.feature.encode.Vgg16Encoder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures large steps on a device, how far they agree with the processor's, or VGG16 there, as a
 * program of its own: it needs libtorch and no Hadoop. Prints a line of JSON for each arithmetic.
 */
public final class DeviceProgram {
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;
  private static final long WEIGHTS_SEED = 1;

  private final DeviceArguments arguments;
  private final PrintStream out;

  DeviceProgram(DeviceArguments arguments, PrintStream out) {
    this.arguments = arguments;
    this.out = out;
  }

  /**
   * @param words {@code name=value}. With {@code agreement-steps} so many steps are made on the
   *     processor too, and compared; with {@code pictures} so many go through VGG16, with random
   *     weights, instead. On a GPU a kernel of our own that is missing ends the program, but with
   *     {@code kernels=any}
   */
  public static void main(String[] words) {
    TorchBuild.chooseProcessorUnlessSaid();
    DeviceArguments arguments;
    try {
      arguments = new DeviceArguments(List.of(words));
    } catch (DicmException e) {
      System.err.println(e.oneLine());
      System.exit(EXIT_USAGE);
      return;
    }
    try {
      new DeviceProgram(arguments, System.out).run();
    } catch (DicmException e) {
      System.err.println(e.oneLine());
      System.exit(EXIT_FAILED);
    } catch (IOException e) {
      System.err.println("Cannot measure: " + e.getMessage());
      System.exit(EXIT_FAILED);
    } catch (RuntimeException e) {
      System.err.println(GpuFailures.named("measure", e).orElseThrow(() -> e).oneLine());
      System.exit(EXIT_FAILED);
    }
  }

  /**
   * Measures, and prints.
   *
   * @throws DicmException {@link ErrorCode#GPU_FAILED} when a kernel is missing that is required
   */
  void run() throws IOException {
    if (arguments.pictures() > 0) {
      vgg16();
      return;
    }
    for (LargeStepPlan plan : arguments.plans()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("arithmetic", plan.arithmetic().label());
      fields.putAll(arguments.isAgreement() ? agreement(plan) : steps(plan));
      print(fields);
    }
  }

  private Map<String, Object> steps(LargeStepPlan plan) {
    LargeStepMeasurement measured =
        new LargeStepBenchmark(plan, arguments.requiresKernels()).run(ProgressListener.NONE);
    double matrixRate;
    try (DeviceMatrixRate rate =
        new DeviceMatrixRate(
            plan.device(), plan.arithmetic(), plan.behaviorImages(), plan.dimension())) {
      matrixRate = rate.measure();
    }
    List<Double> losses = measured.losses();
    Map<String, Object> fields = kernels(measured.kernels());
    fields.put("step_ms", measured.stepMs());
    fields.put("mean_step_ms", measured.meanStepMs());
    fields.put("arrays_step_ms", measured.arraysStepMs());
    fields.put("server_forward_ms", measured.forwardMs());
    fields.put("network_ms", measured.networkMs());
    fields.put("server_backward_ms", measured.backwardMs());
    fields.put("device_images_ms", measured.deviceImagesMs());
    fields.put("samples_per_second", measured.samplesPerSecond());
    fields.put("mean_samples_per_second", measured.meanSamplesPerSecond());
    fields.put("server_gigaflops", measured.imageGigaflops());
    fields.put("matrix_gigaflops", matrixRate);
    fields.put("fraction_of_matrix_rate", measured.imageGigaflops() / matrixRate);
    fields.put("device_fraction_of_matrix_rate", measured.deviceImageGigaflops() / matrixRate);
    fields.put("first_loss", losses.get(0));
    fields.put("last_loss", losses.get(losses.size() - 1));
    return fields;
  }

  private static Map<String, Object> kernels(StepKernels kernels) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("attention_kernel", kernels.attention());
    fields.put("gather_kernel", kernels.gather());
    return fields;
  }

  private Map<String, Object> agreement(LargeStepPlan plan) {
    DeviceAgreement agreement =
        DeviceAgreement.of(plan, arguments.requiresKernels(), ProgressListener.NONE);
    Map<String, Object> fields = kernels(agreement.kernels());
    fields.put("steps", agreement.steps());
    fields.put("largest_difference", agreement.largestDifference());
    fields.put("last_loss", agreement.lastLoss());
    return fields;
  }

  private void vgg16() throws IOException {
    DeviceVgg16 vgg16 =
        new DeviceVgg16(
            this::open, arguments.device(), arguments.batchSize(), arguments.pictures());
    for (DeviceVgg16.Rate rate : vgg16.measure(ProgressListener.NONE)) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("arithmetic", rate.precision());
      fields.put("batch_size", arguments.batchSize());
      fields.put("bias_relu_kernel", rate.usesKernel());
      fields.put("images_per_second", rate.picturesPerSecond());
      rate.devicePicturesPerSecond()
          .ifPresent(ofDevice -> fields.put("device_images_per_second", ofDevice));
      fields.put("least_cosine_to_float32", rate.leastCosine());
      print(fields);
    }
  }

  private Vgg16Encoder open(String precision) throws IOException {
    Vgg16Encoder encoder =
        Vgg16Encoder.random(precision, WEIGHTS_SEED, arguments.threads(), arguments.device());
    boolean onGpu = !arguments.device().isProcessor();
    if (onGpu && arguments.requiresKernels() && !encoder.usesKernel()) {
      encoder.close();
      throw new DicmException(
          ErrorCode.GPU_FAILED,
          "Cannot measure VGG16 with a kernel of our own on %s: there is none for biases and ReLU, the log says why. Mend that, or measure libtorch's operations instead."
              .formatted(arguments.device()));
    }
    return encoder;
  }

  private void print(Map<String, Object> fields) {
    StringBuilder line = new StringBuilder("{\"device\": \"");
    line.append(arguments.deviceWord()).append('"');
    fields.forEach(
        (name, value) -> {
          line.append(", \"").append(name).append("\": ");
          line.append(value instanceof String ? "\"" + value + "\"" : value);
        });
    out.println(line.append('}'));
  }
}
