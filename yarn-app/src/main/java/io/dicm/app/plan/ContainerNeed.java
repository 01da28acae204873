package io.dicm.app.plan;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.pipeline.StageName;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Containers of one kind that a run asks YARN for.
 *
 * @param name what they are: "server", "map task of extract"
 * @param stage when they run; nothing: during the whole run
 * @param count how many at a time; nothing: as many as the data has splits
 * @param memoryMb of each, MiB
 * @param memoryKey the configuration key that says so
 * @param shares how the memory is shared out; nothing: MapReduce sees to it
 * @param vcores of each
 * @param vcoresKey the configuration key that says so; nothing: MapReduce's, or always 1
 * @param gpus of each; 0: none is asked for
 * @param gpusKey the configuration key that says so; nothing: always none
 */
public record ContainerNeed(
    String name,
    Optional<StageName> stage,
    OptionalInt count,
    int memoryMb,
    String memoryKey,
    Optional<ContainerMemory> shares,
    int vcores,
    Optional<String> vcoresKey,
    int gpus,
    Optional<String> gpusKey) {
  /** The same, so many of them. */
  public ContainerNeed counted(int containers) {
    return new ContainerNeed(
        name,
        stage,
        OptionalInt.of(containers),
        memoryMb,
        memoryKey,
        shares,
        vcores,
        vcoresKey,
        gpus,
        gpusKey);
  }

  /** Memory of all of them, MiB; of one where the count is not known. */
  public long allMemoryMb() {
    return (long) count.orElse(1) * memoryMb;
  }
}
