package io.dicm.trainer.ablation;

import io.dicm.trainer.network.IdNetworkKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Requests of tests. */
final class Requests {
  private Requests() {}

  static AblationRequest of(Set<TableName> tables, Long... seeds) {
    return of(tables, "", seeds);
  }

  static AblationRequest of(Set<TableName> tables, String warmStart, Long... seeds) {
    return of(tables, "multi-query", warmStart, seeds);
  }

  static AblationRequest of(
      Set<TableName> tables, String aggregator, String warmStart, Long... seeds) {
    return of(tables, IdNetworkKind.EMBEDDING_MLP, aggregator, warmStart, seeds);
  }

  static AblationRequest of(
      Set<TableName> tables,
      IdNetworkKind network,
      String aggregator,
      String warmStart,
      Long... seeds) {
    return of(tables, network, EnumSet.allOf(IdNetworkKind.class), aggregator, warmStart, seeds);
  }

  static AblationRequest of(
      Set<TableName> tables,
      IdNetworkKind network,
      Set<IdNetworkKind> networks,
      String aggregator,
      String warmStart,
      Long... seeds) {
    return new AblationRequest(
        "spring",
        tables,
        List.of(seeds),
        new SampleProtocol(Protocol.TIME, "last-days:2", 0, 1),
        aggregator,
        network.label(),
        networks,
        warmStart,
        "/w/planted");
  }
}
