package io.dicm.feature.device;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides in a process where it computes, and says so in the log. It has to come before anything of
 * libtorch is used: which build of libtorch the process loads follows from it. Safe for use by many
 * threads, of which all get the same answer.
 */
public final class DeviceResolver {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceResolver.class);
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  /** In which YARN tells a container the name of its node. */
  private static final String NODE = "NM_HOST";

  private final Supplier<List<Shortfall>> software;
  private final CudaDevices devices;
  private final String visible;
  private final String node;

  /**
   * @param software what the node lacks
   * @param devices what libtorch sees; asked only where nothing lacks
   * @param visible the value of {@value #VISIBLE}; null: it is not set
   * @param node on which this process is, for messages; null: it is in no container
   */
  DeviceResolver(
      Supplier<List<Shortfall>> software, CudaDevices devices, String visible, String node) {
    this.software = software;
    this.devices = devices;
    this.visible = visible;
    this.node = node;
  }

  /** Of this process on its node. */
  public static DeviceResolver here() {
    return new DeviceResolver(
        () -> GpuSoftware.here().shortfalls(),
        CudaDevices.ofLibTorch(),
        System.getenv(VISIBLE),
        System.getenv(NODE));
  }

  /**
   * The device of a container. With {@link DeviceChoice#AUTO} a GPU is taken only where YARN was
   * asked for one: else containers of one node would share what none of them asked for.
   *
   * @throws DicmException {@link ErrorCode#GPU_UNAVAILABLE} naming what is missing, what was found
   *     and what is needed
   */
  public ComputeDevice resolve(DeviceRequest request) {
    if (request.choice() == DeviceChoice.AUTO && request.gpus() == 0) {
      LOG.info("Computing on the processor: {} is 0", request.gpusKey());
      return ComputeDevice.PROCESSOR;
    }
    return resolve(request.choice(), request.choiceKey() + "=" + request.choice().label());
  }

  /**
   * The device of a process that shares its machine's GPUs with no other.
   *
   * @param choice where it is to compute
   * @param said how the user said so, for messages
   * @throws DicmException {@link ErrorCode#GPU_UNAVAILABLE} naming what is missing, what was found
   *     and what is needed
   */
  public ComputeDevice resolve(DeviceChoice choice, String said) {
    if (choice == DeviceChoice.CPU) {
      LOG.info("Computing on the processor: {}", said);
      return ComputeDevice.PROCESSOR;
    }
    List<Shortfall> missing = software.get();
    if (missing.isEmpty()) {
      int count = count(said);
      if (count > 0) {
        ComputeDevice device = ComputeDevice.cuda(0);
        LOG.info("Computing on {}, the first of {} that this process sees", device, count);
        return device;
      }
      missing = List.of(noDevice());
    }
    if (choice == DeviceChoice.CUDA) {
      throw unavailable(said, " without " + text(missing), null);
    }
    LOG.warn(
        "Computing on the processor ({}): a GPU cannot be used without {}", said, text(missing));
    return ComputeDevice.PROCESSOR;
  }

  private int count(String said) {
    try {
      return devices.count();
    } catch (UncheckedIOException e) {
      throw unavailable(said, ": libtorch for CUDA cannot be unpacked (" + e.getMessage() + ")", e);
    } catch (LinkageError e) {
      // Not the processor instead: parts of libtorch for CUDA are loaded, the other would mix.
      throw unavailable(
          said, ": libtorch for CUDA does not load (" + e.getMessage() + "); cpu needs none", e);
    }
  }

  private Shortfall noDevice() {
    String says = visible == null ? "is not set" : "is '" + visible + "'";
    return new Shortfall("GPU", "one that libtorch sees", "none, " + VISIBLE + " " + says);
  }

  private static String text(List<Shortfall> missing) {
    return missing.stream().map(Shortfall::toString).collect(Collectors.joining(", "));
  }

  private DicmException unavailable(String said, String why, Throwable cause) {
    String where = node == null ? "" : " of " + node;
    return new DicmException(
        ErrorCode.GPU_UNAVAILABLE,
        "Cannot compute on a GPU%s (%s)%s.".formatted(where, said, why),
        cause);
  }
}
