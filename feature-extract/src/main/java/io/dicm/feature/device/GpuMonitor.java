package io.dicm.feature.device;

import static org.bytedeco.cuda.global.cudart.CUDA_SUCCESS;
import static org.bytedeco.cuda.global.cudart.cuDeviceGet;
import static org.bytedeco.cuda.global.cudart.cuDeviceGetPCIBusId;
import static org.bytedeco.cuda.global.cudart.cuInit;
import static org.bytedeco.cuda.global.nvml.NVML_DEVICE_NAME_BUFFER_SIZE;
import static org.bytedeco.cuda.global.nvml.NVML_DEVICE_UUID_V2_BUFFER_SIZE;
import static org.bytedeco.cuda.global.nvml.NVML_SUCCESS;
import static org.bytedeco.cuda.global.nvml.NVML_TEMPERATURE_GPU;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetHandleByPciBusId_v2;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetMemoryInfo;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetName;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetPowerUsage;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetTemperature;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetUUID;
import static org.bytedeco.cuda.global.nvml.nvmlDeviceGetUtilizationRates;
import static org.bytedeco.cuda.global.nvml.nvmlErrorString;
import static org.bytedeco.cuda.global.nvml.nvmlInit_v2;
import static org.bytedeco.cuda.global.nvml.nvmlShutdown;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.bytedeco.cuda.nvml.nvmlDevice_st;
import org.bytedeco.cuda.nvml.nvmlMemory_t;
import org.bytedeco.cuda.nvml.nvmlUtilization_t;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads memory, use, power and temperature of a process's GPUs from NVML, the library behind {@code
 * nvidia-smi}. A reading takes about a millisecond and does not disturb what the GPU does. Safe for
 * use by many threads.
 */
public final class GpuMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GpuMonitor.class);
  private static final double MILLIWATTS = 1000;
  private static final int PCI_ADDRESS_BYTES = 32;

  private final List<Watched> watched;
  private boolean closed;

  /**
   * A GPU by both of its names.
   *
   * @param device as CUDA counts those that the process sees
   * @param handle NVML's, which knows all of the node
   */
  private record Watched(ComputeDevice device, String name, String uuid, nvmlDevice_st handle) {}

  private GpuMonitor(List<Watched> watched) {
    this.watched = watched;
  }

  /**
   * Begins to watch.
   *
   * @param devices GPUs
   * @return empty, and said in the log, where NVML is not there or does not know them: a process
   *     computes as well without
   */
  public static Optional<GpuMonitor> open(List<ComputeDevice> devices) {
    try {
      int result = nvmlInit_v2();
      if (result != NVML_SUCCESS) {
        return without(words(result));
      }
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      return without(String.valueOf(e.getMessage()));
    }
    List<Watched> watched = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      for (ComputeDevice device : devices) {
        watched.add(watch(device));
      }
      return Optional.of(new GpuMonitor(List.copyOf(watched)));
    } catch (IllegalStateException | UnsatisfiedLinkError | NoClassDefFoundError e) {
      nvmlShutdown();
      return without(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<GpuMonitor> without(String reason) {
    LOG.info("Memory, use and power of GPUs are not measured: {}", reason);
    return Optional.empty();
  }

  /** By the address on the bus: CUDA_VISIBLE_DEVICES changes CUDA's numbers and not NVML's. */
  private static Watched watch(ComputeDevice device) {
    BytePointer address = new BytePointer(PCI_ADDRESS_BYTES);
    IntPointer number = new IntPointer(1);
    boolean known =
        cuInit(0) == CUDA_SUCCESS
            && cuDeviceGet(number, device.ordinal()) == CUDA_SUCCESS
            && cuDeviceGetPCIBusId(address, PCI_ADDRESS_BYTES, number.get()) == CUDA_SUCCESS;
    if (!known) {
      throw new IllegalStateException("CUDA does not know " + device);
    }
    nvmlDevice_st handle = new nvmlDevice_st();
    require(nvmlDeviceGetHandleByPciBusId_v2(address, handle));
    byte[] name = new byte[NVML_DEVICE_NAME_BUFFER_SIZE];
    require(nvmlDeviceGetName(handle, name, name.length));
    return new Watched(device, untilZero(name), uuid(handle), handle);
  }

  private static String uuid(nvmlDevice_st handle) {
    byte[] uuid = new byte[NVML_DEVICE_UUID_V2_BUFFER_SIZE];
    return nvmlDeviceGetUUID(handle, uuid, uuid.length) == NVML_SUCCESS ? untilZero(uuid) : "";
  }

  private static String untilZero(byte[] text) {
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.US_ASCII);
  }

  /**
   * How the GPUs are now, in the order they were named in; those that do not answer are left out.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public synchronized List<GpuReading> read() {
    if (closed) {
      throw new IllegalStateException("The monitor is closed");
    }
    List<GpuReading> readings = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      for (Watched gpu : watched) {
        read(gpu).ifPresent(readings::add);
      }
    }
    return readings;
  }

  private static Optional<GpuReading> read(Watched gpu) {
    nvmlMemory_t memory = new nvmlMemory_t();
    if (nvmlDeviceGetMemoryInfo(gpu.handle, memory) != NVML_SUCCESS) {
      return Optional.empty();
    }
    return Optional.of(
        new GpuReading(
            gpu.device,
            gpu.name,
            gpu.uuid,
            memory.used(),
            memory.total(),
            busyPercent(gpu.handle),
            powerWatts(gpu.handle),
            celsius(gpu.handle)));
  }

  private static OptionalInt busyPercent(nvmlDevice_st handle) {
    nvmlUtilization_t utilization = new nvmlUtilization_t();
    return nvmlDeviceGetUtilizationRates(handle, utilization) == NVML_SUCCESS
        ? OptionalInt.of(utilization.gpu())
        : OptionalInt.empty();
  }

  private static OptionalDouble powerWatts(nvmlDevice_st handle) {
    IntPointer milliwatts = new IntPointer(1);
    return nvmlDeviceGetPowerUsage(handle, milliwatts) == NVML_SUCCESS
        ? OptionalDouble.of(milliwatts.get() / MILLIWATTS)
        : OptionalDouble.empty();
  }

  @SuppressWarnings("deprecation") // the newer call is not in every driver
  private static OptionalInt celsius(nvmlDevice_st handle) {
    IntPointer celsius = new IntPointer(1);
    return nvmlDeviceGetTemperature(handle, NVML_TEMPERATURE_GPU, celsius) == NVML_SUCCESS
        ? OptionalInt.of(celsius.get())
        : OptionalInt.empty();
  }

  private static void require(int result) {
    if (result != NVML_SUCCESS) {
      throw new IllegalStateException(words(result));
    }
  }

  private static String words(int result) {
    return nvmlErrorString(result).getString();
  }

  /** Stops watching; may be called again. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      nvmlShutdown();
    }
  }
}
