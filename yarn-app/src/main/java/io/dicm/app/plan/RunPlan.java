package io.dicm.app.plan;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.error.DicmException;
import io.dicm.feature.job.ExtractPlan;
import java.util.List;
import java.util.Optional;

/**
 * What a run would ask for, and what speaks against it.
 *
 * @param settings of the run
 * @param containers that it asks for, map tasks counted
 * @param extraction what it would extract, if it extracts
 * @param vectors that the servers would load, if any are known
 * @param samples that it would train on, or that an earlier run did
 * @param serving how images will reach the workers, if the run trains
 * @param servers their memory, if the run trains and the vectors are known
 * @param cluster what it would run on; nothing: not asked
 * @param refusals why the submission would be refused; the first one is the one that it would tell
 */
public record RunPlan(
    PipelineSettings settings,
    ContainerPlan containers,
    Optional<ExtractPlan> extraction,
    Optional<VectorCounts> vectors,
    Optional<SampleCounts> samples,
    Optional<ServingPlan> serving,
    Optional<ServerPlan> servers,
    Optional<ClusterView> cluster,
    List<DicmException> refusals) {
  public RunPlan {
    refusals = List.copyOf(refusals);
  }

  /**
   * What the submission would do.
   *
   * @throws DicmException the first refusal
   */
  public void requireAccepted() {
    if (!refusals.isEmpty()) {
      throw refusals.get(0);
    }
  }
}
