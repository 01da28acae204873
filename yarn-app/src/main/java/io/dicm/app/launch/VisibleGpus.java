package io.dicm.app.launch;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which GPUs of its node a container's process sees, by CUDA's variable {@value #CUDA}.
 *
 * <p>A node that isolates containers has the last word. It may say so by CUDA's variable or by that
 * of NVIDIA's container runtime, or say nothing and open no more device files to a container than
 * it asked for, which CUDA then counts from 0: YARN's plug-in does the latter with control groups.
 * Only the container itself can tell, so its shell decides, before the program begins. Elsewhere
 * the process sees the devices that the application gave it, and none if it asked for none.
 *
 * @param devices ordinals on the node that the application gave the container, one for each GPU
 *     that was asked for
 */
public record VisibleGpus(List<Integer> devices) {
  /** The variable in which the application's choice comes, such as {@code 0,1}. */
  public static final String VARIABLE = "DICM_GPU_DEVICES";

  private static final String CUDA = "CUDA_VISIBLE_DEVICES";
  private static final String DEVICE_FOLDER = "/dev";

  public VisibleGpus {
    devices = List.copyOf(devices);
  }

  /** Environment variables for the container's start; none where no GPU was asked for. */
  public Map<String, String> variables() {
    return devices.isEmpty()
        ? Map.of()
        : Map.of(VARIABLE, devices.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  /**
   * A command line for YARN that decides what is visible and then does what another says.
   *
   * @param command the other, written for YARN as well
   */
  public String before(String command) {
    return before(command, DEVICE_FOLDER);
  }

  /**
   * @param deviceFolder where the node has its device files
   */
  String before(String command, String deviceFolder) {
    return quoted(devices.isEmpty() ? none() : given(deviceFolder)) + " ; " + command;
  }

  private static String none() {
    return "export %1$s=\"${%1$s-}\"".formatted(CUDA);
  }

  private String given(String deviceFolder) {
    String unsaid =
        "[ -z \"${%s+set}\" ] && [ \"${NVIDIA_VISIBLE_DEVICES:-all}\" = all ]".formatted(CUDA);
    // Also root, as which Docker may run, is refused what control groups refuse.
    String open =
        "$(find %s -maxdepth 1 -name 'nvidia[0-9]*' -readable 2>/dev/null | wc -l)"
            .formatted(deviceFolder);
    return "if %s ; then open=%s ; if [ \"$open\" -eq 0 ] || [ \"$open\" -gt %d ] ; then export %s=\"$%s\" ; fi ; fi"
        .formatted(unsaid, open, devices.size(), CUDA, VARIABLE);
  }

  /** YARN puts a command between double quotes in a script of its own. */
  private static String quoted(String script) {
    return script.replaceAll("[\\\\\"$`]", "\\\\$0");
  }
}
