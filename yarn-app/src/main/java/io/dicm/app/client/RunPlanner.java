package io.dicm.app.client;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.ClusterSize;
import io.dicm.app.plan.ClusterView;
import io.dicm.app.plan.ContainerNeed;
import io.dicm.app.plan.ContainerPlan;
import io.dicm.app.plan.ContainerSize;
import io.dicm.app.plan.RunPlan;
import io.dicm.app.plan.SampleCounts;
import io.dicm.app.plan.ServerPlan;
import io.dicm.app.plan.ServingPlan;
import io.dicm.app.plan.StoredData;
import io.dicm.app.plan.VectorCounts;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.job.ExtractPlan;
import io.dicm.feature.job.ExtractPlanner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * Makes the plan of a run from configuration, listings and manifests, by the checks that guard its
 * submission; nothing is started or written.
 */
public final class RunPlanner {
  private final Configuration conf;
  private final PipelineSettings settings;
  private final SubmissionChecks checks;

  /**
   * @param conf with the properties of the pipeline
   */
  public RunPlanner(Configuration conf, PipelineSettings settings) {
    this.conf = new Configuration(conf);
    settings.addTo(this.conf);
    this.settings = settings;
    this.checks = new SubmissionChecks(DicmConfiguration.of(this.conf), settings);
  }

  /**
   * The plan.
   *
   * @param yarn started; nothing: the cluster is not asked
   * @param imagesPerSecond what one map task computes, for the time of an extraction
   * @throws DicmException when a setting is wrong, or listings and manifests cannot be read; what
   *     does not fit is part of the plan
   */
  public RunPlan plan(Optional<YarnClient> yarn, double imagesPerSecond)
      throws IOException, YarnException {
    checks.checkSettings();
    Optional<ExtractPlan> extraction =
        settings.runs(StageName.EXTRACT)
            ? Optional.of(new ExtractPlanner(conf).plan(imagesPerSecond))
            : Optional.empty();
    StoredData stored = StoredData.read(DicmConfiguration.of(conf), settings);
    Optional<VectorCounts> vectors =
        extraction.isPresent() ? Optional.of(extracted(extraction.get())) : stored.vectors();
    List<DicmException> ofServing = new ArrayList<>();
    Optional<ServingPlan> serving =
        settings.runs(StageName.TRAIN) ? serving(vectors, stored, ofServing) : Optional.empty();
    Optional<ServerPlan> servers =
        vectors.filter(known -> serving.isPresent()).map(known -> servers(known, stored));
    List<DicmException> refusals = new ArrayList<>();
    Optional<ClusterView> cluster = Optional.empty();
    if (yarn.isPresent()) {
      collect(refusals, () -> checks.checkQueue(yarn.get()));
      boolean queueIsThere = refusals.isEmpty();
      Resource largest =
          yarn.get().createApplication().getNewApplicationResponse().getMaximumResourceCapability();
      collect(refusals, () -> checks.checkContainers(largest));
      if (queueIsThere) {
        collect(refusals, () -> checks.checkCapacity(yarn.get()));
      }
      cluster = view(yarn.get(), largest);
    }
    extraction.ifPresent(plan -> collect(refusals, () -> requireMapsFit(plan)));
    refusals.addAll(ofServing);
    servers.ifPresent(plan -> collect(refusals, plan::requireVectorsFit));
    return new RunPlan(
        settings,
        containers(extraction),
        extraction,
        vectors,
        stored.samples(),
        serving,
        servers,
        cluster,
        refusals);
  }

  private VectorCounts extracted(ExtractPlan plan) {
    return VectorCounts.of("the listing of the images and the store's index", plan, dimension());
  }

  /** Of vectors that the configured encoder makes. */
  private int dimension() {
    try {
      return EncoderProviders.configured(conf).describe(conf).dimension();
    } catch (IOException e) {
      throw new DicmException(ErrorCode.STORAGE_FAILED, "Cannot plan: " + e.getMessage() + ".", e);
    }
  }

  /**
   * @param refusals gets why there is none
   */
  private Optional<ServingPlan> serving(
      Optional<VectorCounts> vectors, StoredData stored, List<DicmException> refusals) {
    int dimension = vectors.map(VectorCounts::dimension).orElseGet(this::dimension);
    try {
      return Optional.of(
          ServingPlan.of(DicmConfiguration.of(conf), dimension, vectors, stored.samples()));
    } catch (DicmException e) {
      refusals.add(e);
      return Optional.empty();
    }
  }

  private ServerPlan servers(VectorCounts vectors, StoredData stored) {
    return ServerPlan.of(
        DicmConfiguration.of(conf), vectors, stored.samples().map(SampleCounts::idRows).orElse(0L));
  }

  private ContainerPlan containers(Optional<ExtractPlan> extraction) {
    ContainerPlan plan = ContainerPlan.of(DicmConfiguration.of(conf), settings);
    return extraction.isEmpty()
        ? plan
        : new ContainerPlan(
            plan.needs().stream().map(need -> counted(need, extraction.get())).toList(),
            plan.localInputMb());
  }

  /** An extraction of nothing new has no tasks. */
  private static ContainerNeed counted(ContainerNeed need, ExtractPlan extraction) {
    boolean ofExtraction = need.stage().filter(StageName.EXTRACT::equals).isPresent();
    if (!ofExtraction) {
      return need;
    }
    if (need.memoryKey().equals(DicmKeys.EXTRACT_MAP_MEMORY_MB)) {
      return need.counted(extraction.concurrentMaps());
    }
    return extraction.mapTasks() == 0 ? need.counted(0) : need;
  }

  private static void requireMapsFit(ExtractPlan plan) {
    if (plan.mapTasks() > 0 && plan.mapMemoryNeededMb() > plan.mapMemoryMb()) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot extract: a map task needs about %d MiB, %s is %d."
              .formatted(
                  plan.mapMemoryNeededMb(), DicmKeys.EXTRACT_MAP_MEMORY_MB, plan.mapMemoryMb()));
    }
  }

  private Optional<ClusterView> view(YarnClient yarn, Resource largest)
      throws IOException, YarnException {
    Optional<QueueInfo> queue = queue(yarn);
    return queue.isEmpty()
        ? Optional.empty()
        : Optional.of(ClusterView.of(ClusterSize.of(yarn), ContainerSize.of(largest), queue.get()));
  }

  private Optional<QueueInfo> queue(YarnClient yarn) throws IOException {
    try {
      return Optional.ofNullable(yarn.getQueueInfo(conf.getTrimmed(DicmKeys.YARN_QUEUE)));
    } catch (YarnException e) {
      return Optional.empty(); // Some schedulers say so that there is none: a refusal already.
    }
  }

  private static void collect(List<DicmException> refusals, Check check) {
    try {
      check.run();
    } catch (DicmException e) {
      refusals.add(e);
    } catch (IOException | YarnException e) {
      refusals.add(
          new DicmException(
              ErrorCode.SERVICE_UNAVAILABLE, "Cannot ask the cluster: " + e.getMessage() + ".", e));
    }
  }

  /** Something that is refused by an exception. */
  @FunctionalInterface
  private interface Check {
    void run() throws IOException, YarnException;
  }
}
