package io.dicm.app.master.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What the page of a run shows beyond its stages.
 *
 * @param madeAtMs when this was so, milliseconds since 1970 UTC
 * @param user who submitted the last application
 * @param applications all that worked on the run, the last one last
 * @param stageLeftMs estimated time until the end of the stage that runs; null while unknown
 * @param containers of gangs, in the order of their start
 * @param curve of the training
 * @param configuration of the last application, by key, secrets masked
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunDetails(
    long madeAtMs,
    String user,
    List<String> applications,
    Long stageLeftMs,
    List<ContainerRecord> containers,
    List<CurvePoint> curve,
    Map<String, String> configuration) {
  /** Of a run whose history was written by an older version. */
  public static final RunDetails NONE =
      new RunDetails(0, "", List.of(), null, List.of(), List.of(), Map.of());

  public RunDetails {
    applications = applications == null ? List.of() : List.copyOf(applications);
    containers = containers == null ? List.of() : List.copyOf(containers);
    curve = curve == null ? List.of() : List.copyOf(curve);
    configuration =
        configuration == null
            ? Map.of()
            : Collections.unmodifiableMap(new TreeMap<>(configuration));
  }

  /**
   * This application's part laid over what earlier ones did: their containers and curve stay for
   * stages that this one has not begun.
   *
   * @param begun whether this application has begun a stage, by label
   * @param training the label of the stage to which the curve belongs
   */
  RunDetails over(RunDetails earlier, Predicate<String> begun, String training) {
    Set<String> worked = new LinkedHashSet<>(earlier.applications);
    worked.removeAll(applications);
    worked.addAll(applications);
    List<ContainerRecord> all = new ArrayList<>();
    earlier.containers.stream().filter(one -> !begun.test(one.stage())).forEach(all::add);
    all.addAll(containers);
    return new RunDetails(
        madeAtMs,
        user,
        List.copyOf(worked),
        stageLeftMs,
        all,
        begun.test(training) ? curve : earlier.curve,
        configuration);
  }
}
