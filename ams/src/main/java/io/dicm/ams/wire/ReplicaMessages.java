package io.dicm.ams.wire;

import io.dicm.ams.proto.NetworkValues;
import io.dicm.ams.proto.ReduceGradientsRequest;
import io.dicm.ams.proto.ShareValuesRequest;
import io.dicm.ams.reduce.GradientPart;
import io.dicm.ams.reduce.RangeValues;
import java.util.OptionalInt;

/** The messages that keep the replicas of the sub-model equal, from records and back. */
public final class ReplicaMessages {
  private ReplicaMessages() {}

  public static ReduceGradientsRequest message(GradientPart part) {
    ReduceGradientsRequest.Builder message =
        ReduceGradientsRequest.newBuilder().setServer(part.server()).setRound(part.round());
    part.networkGradients()
        .forEach(gradient -> message.addNetworkGradients(WireArrays.ofFloats(gradient)));
    part.checksum().ifPresent(message::setReplicaChecksum);
    return message.build();
  }

  public static GradientPart record(ReduceGradientsRequest message) {
    return new GradientPart(
        message.getServer(),
        message.getRound(),
        message.getNetworkGradientsList().stream()
            .map(bytes -> WireArrays.view(bytes, "network_gradients"))
            .toList(),
        message.hasReplicaChecksum()
            ? OptionalInt.of(message.getReplicaChecksum())
            : OptionalInt.empty());
  }

  public static ShareValuesRequest message(RangeValues values) {
    ShareValuesRequest.Builder message =
        ShareValuesRequest.newBuilder().setServer(values.server()).setRound(values.round());
    for (RangeValues.NetworkValues network : values.networks()) {
      message.addNetworks(
          NetworkValues.newBuilder()
              .setVersion(network.version())
              .setValues(WireArrays.ofFloats(network.values())));
    }
    return message.build();
  }

  public static RangeValues record(ShareValuesRequest message) {
    return new RangeValues(
        message.getServer(),
        message.getRound(),
        message.getNetworksList().stream()
            .map(
                network ->
                    new RangeValues.NetworkValues(
                        network.getVersion(), WireArrays.view(network.getValues(), "values")))
            .toList());
  }
}
