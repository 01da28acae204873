package io.dicm.trainer.ablation;

import io.dicm.trainer.network.IdNetworkKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a user asks of an ablation.
 *
 * @param name its name, with which its runs' names begin
 * @param tables to make, one or more
 * @param seeds of each variant's trainings, one or more
 * @param samples how training and test impressions are told apart
 * @param aggregator that is configured, of the variants that are not about aggregators
 * @param network label of the network that is configured, of the variants that are not about
 *     networks
 * @param networks of the table of networks, those that the features can do with; may be empty where
 *     that table is not made
 * @param warmStart run or checkpoint that warm variants begin with; empty: a model of the
 *     ablation's own
 * @param plantedSignal where the table of planted vectors is, or will be
 */
public record AblationRequest(
    String name,
    Set<TableName> tables,
    List<Long> seeds,
    SampleProtocol samples,
    String aggregator,
    String network,
    Set<IdNetworkKind> networks,
    String warmStart,
    String plantedSignal) {
  public AblationRequest {
    if (tables.isEmpty() || seeds.isEmpty()) {
      throw new IllegalArgumentException("Nothing is asked for");
    }
    tables = Set.copyOf(EnumSet.copyOf(tables));
    seeds = List.copyOf(seeds);
    networks = Set.copyOf(networks);
  }
}
