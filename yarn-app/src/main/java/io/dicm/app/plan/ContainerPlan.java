package io.dicm.app.plan;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.mapreduce.SmallJobs;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapreduce.MRJobConfig;
import org.apache.hadoop.mapreduce.TaskType;

/**
 * All containers that a run asks for, by its configuration: one computation for {@code dicm plan}
 * and for the check before a submission. Immutable.
 *
 * @param needs one for each kind of container, in the order of the stages
 * @param localInputMb jobs of samples and evaluate that read at most so many MiB run in the master
 *     and have no containers; 0: all have
 */
public record ContainerPlan(List<ContainerNeed> needs, int localInputMb) {
  private static final Set<StageName> MAP_REDUCE =
      EnumSet.of(StageName.EXTRACT, StageName.SAMPLES, StageName.EVALUATE);

  public ContainerPlan {
    needs = List.copyOf(needs);
  }

  /**
   * What these stages ask for.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} with key, value and range
   */
  public static ContainerPlan of(DicmConfiguration conf, PipelineSettings settings) {
    return new ContainerPlan(
        new Reader(conf, settings).needs(), SmallJobs.of(conf.hadoop()).limitMb());
  }

  /**
   * Compares each container with the largest that the cluster gives.
   *
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} with both numbers
   */
  public void requireEachFits(ContainerSize largest) {
    for (ContainerNeed need : needs) {
      if (need.memoryMb() > largest.memoryMb()) {
        throw tooLarge(need.memoryKey(), need.memoryMb() + " MiB", largest.memoryMb() + " MiB");
      }
      if (need.vcoresKey().isPresent() && need.vcores() > largest.vcores()) {
        throw tooLarge(
            need.vcoresKey().get(), need.vcores() + " vcores", largest.vcores() + " vcores");
      }
      if (need.gpusKey().isPresent() && need.gpus() > largest.gpus()) {
        throw tooLarge(
            need.gpusKey().get(),
            need.gpus() + " GPUs (" + ContainerSize.GPU + ")",
            "of " + largest.gpus());
      }
    }
  }

  /** Memory of all containers that this stage needs at a time, the master's included, MiB. */
  public long memoryMb(StageName stage) {
    return during(stage).stream().mapToLong(ContainerNeed::allMemoryMb).sum();
  }

  private List<ContainerNeed> during(StageName stage) {
    return needs.stream()
        .filter(need -> need.stage().isEmpty() || need.stage().get() == stage)
        .toList();
  }

  private static DicmException tooLarge(String key, String asked, String most) {
    return new DicmException(
        ErrorCode.MEMORY_PLAN_TOO_LARGE,
        "Cannot submit: %s asks for containers of %s, the cluster's largest are %s."
            .formatted(key, asked, most));
  }

  /** Reads what the stages ask for. */
  private record Reader(DicmConfiguration conf, PipelineSettings settings) {
    List<ContainerNeed> needs() {
      List<ContainerNeed> needs = new ArrayList<>();
      needs.add(
          ours(
              "master",
              Optional.empty(),
              OptionalInt.of(1),
              DicmKeys.YARN_MASTER_MEMORY_MB,
              Optional.empty(),
              Optional.empty()));
      for (StageName stage : settings.stages()) {
        switch (stage) {
          case EXTRACT -> addExtraction(needs);
          case SAMPLES, EVALUATE -> addTasks(needs, stage);
          case TRAIN -> addTraining(needs);
          case PREDICT -> addPrediction(needs);
          case PUBLISH, REGISTER -> {} // The master does them itself.
        }
        if (MAP_REDUCE.contains(stage)) {
          needs.add(jobMaster(stage));
        }
      }
      return needs;
    }

    private void addExtraction(List<ContainerNeed> needs) {
      needs.add(
          new ContainerNeed(
              "map task",
              Optional.of(StageName.EXTRACT),
              OptionalInt.empty(),
              ContainerSettings.memoryMb(conf, DicmKeys.EXTRACT_MAP_MEMORY_MB),
              DicmKeys.EXTRACT_MAP_MEMORY_MB,
              Optional.empty(),
              ContainerSettings.vcores(conf, DicmKeys.EXTRACT_THREADS),
              Optional.of(DicmKeys.EXTRACT_THREADS),
              ContainerSettings.gpus(conf, DicmKeys.EXTRACT_GPUS),
              Optional.of(DicmKeys.EXTRACT_GPUS)));
      needs.add(
          task(
                  StageName.EXTRACT,
                  "reduce task",
                  DicmKeys.EXTRACT_REDUCE_MEMORY_MB,
                  ContainerSettings.memoryMb(conf, DicmKeys.EXTRACT_REDUCE_MEMORY_MB))
              .counted(ContainerSettings.count(conf, DicmKeys.EXTRACT_REDUCERS)));
    }

    private void addTasks(List<ContainerNeed> needs, StageName stage) {
      JobConf tasks = new JobConf(conf.hadoop());
      for (TaskType type : List.of(TaskType.MAP, TaskType.REDUCE)) {
        String key =
            type == TaskType.MAP ? MRJobConfig.MAP_MEMORY_MB : MRJobConfig.REDUCE_MEMORY_MB;
        int memoryMb = Math.toIntExact(tasks.getMemoryRequired(type));
        needs.add(task(stage, type.name().toLowerCase(Locale.ROOT) + " task", key, memoryMb));
      }
    }

    private ContainerNeed jobMaster(StageName stage) {
      int memoryMb =
          conf.hadoop().getInt(MRJobConfig.MR_AM_VMEM_MB, MRJobConfig.DEFAULT_MR_AM_VMEM_MB);
      return task(stage, "MapReduce master", MRJobConfig.MR_AM_VMEM_MB, memoryMb).counted(1);
    }

    private static ContainerNeed task(StageName stage, String name, String key, int memoryMb) {
      return new ContainerNeed(
          name,
          Optional.of(stage),
          OptionalInt.empty(),
          memoryMb,
          key,
          Optional.empty(),
          1,
          Optional.empty(),
          0,
          Optional.empty());
    }

    private void addTraining(List<ContainerNeed> needs) {
      needs.add(
          ours(
              "server",
              Optional.of(StageName.TRAIN),
              OptionalInt.of(ContainerSettings.count(conf, DicmKeys.TRAIN_SERVERS)),
              DicmKeys.YARN_SERVER_MEMORY_MB,
              Optional.of(DicmKeys.YARN_SERVER_VCORES),
              Optional.of(DicmKeys.YARN_SERVER_GPUS)));
      needs.add(
          ours(
              "worker",
              Optional.of(StageName.TRAIN),
              OptionalInt.of(ContainerSettings.count(conf, DicmKeys.TRAIN_WORKERS)),
              DicmKeys.YARN_WORKER_MEMORY_MB,
              Optional.of(DicmKeys.YARN_WORKER_VCORES),
              Optional.of(DicmKeys.YARN_WORKER_GPUS)));
    }

    private void addPrediction(List<ContainerNeed> needs) {
      needs.add(
          ours(
              "predictor",
              Optional.of(StageName.PREDICT),
              OptionalInt.of(ContainerSettings.count(conf, DicmKeys.TRAIN_WORKERS)),
              DicmKeys.YARN_PREDICTOR_MEMORY_MB,
              Optional.of(DicmKeys.YARN_WORKER_VCORES),
              Optional.of(DicmKeys.YARN_PREDICTOR_GPUS)));
    }

    private ContainerNeed ours(
        String role,
        Optional<StageName> stage,
        OptionalInt count,
        String memoryKey,
        Optional<String> vcoresKey,
        Optional<String> gpusKey) {
      ContainerMemory memory = ContainerSettings.memory(conf, role, memoryKey);
      return new ContainerNeed(
          role,
          stage,
          count,
          memory.totalMb(),
          memoryKey,
          Optional.of(memory),
          vcoresKey.map(key -> ContainerSettings.vcores(conf, key)).orElse(1),
          vcoresKey,
          gpusKey.map(key -> ContainerSettings.gpus(conf, key)).orElse(0),
          gpusKey);
    }
  }
}
