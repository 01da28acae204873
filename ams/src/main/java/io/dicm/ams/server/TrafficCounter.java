package io.dicm.ams.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.dicm.ams.proto.BackwardRequest;
import io.dicm.ams.proto.ForwardReply;
import io.dicm.ams.proto.ForwardRequest;
import io.dicm.ams.proto.JoinRequest;
import io.dicm.ams.proto.PullDenseReply;
import io.dicm.ams.proto.ReduceGradientsRequest;
import io.dicm.ams.proto.ShareValuesRequest;
import io.dicm.ams.proto.TierQuestion;
import io.dicm.ams.proto.VectorsReply;
import io.dicm.ams.proto.VectorsRequest;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts the bytes of messages, all and by class. Safe for use by many threads. */
final class TrafficCounter {
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final Map<TrafficClass, LongAdder> byClass = new EnumMap<>(TrafficClass.class);

  TrafficCounter() {
    for (TrafficClass traffic : TrafficClass.values()) {
      byClass.put(traffic, new LongAdder());
    }
  }

  void received(MessageLite message) {
    bytesIn.add(message.getSerializedSize());
    count(message);
  }

  void sent(MessageLite message) {
    bytesOut.add(message.getSerializedSize());
    count(message);
  }

  private void count(MessageLite message) {
    if (message instanceof ForwardRequest request) {
      add(TrafficClass.IMAGE_KEYS, request.getAdImageKeys(), request.getBehaviorImageKeys());
      add(TrafficClass.ID_KEYS, request.getIdKeys());
      count(request.getTiers());
    } else if (message instanceof ForwardReply reply) {
      add(TrafficClass.IMAGE_CODES, reply.getAdCodes(), reply.getBehaviorCodes());
      add(TrafficClass.ID_EMBEDDINGS, reply.getIdEmbeddings());
      add(TrafficClass.DENSE, reply.getDenseRange());
      add(TrafficClass.IMAGE_TIERS, reply.getTierCounts());
    } else if (message instanceof VectorsRequest request) {
      add(TrafficClass.IMAGE_VECTORS, request.getImageKeys());
    } else if (message instanceof VectorsReply reply) {
      add(TrafficClass.IMAGE_VECTORS, reply.getVectors());
    } else if (message instanceof BackwardRequest gradients) {
      add(TrafficClass.IMAGE_GRADIENTS, gradients.getAdCodes(), gradients.getBehaviorCodes());
      add(TrafficClass.ID_GRADIENTS, gradients.getIdEmbeddings());
      add(TrafficClass.DENSE, gradients.getDenseRange());
    } else if (message instanceof ReduceGradientsRequest part) {
      part.getNetworkGradientsList().forEach(bytes -> add(TrafficClass.SUB_MODEL, bytes));
    } else if (message instanceof ShareValuesRequest values) {
      values.getNetworksList().forEach(network -> add(TrafficClass.SUB_MODEL, network.getValues()));
    } else if (message instanceof JoinRequest join) {
      add(TrafficClass.DENSE, join.getDenseRange());
    } else if (message instanceof PullDenseReply reply) {
      add(TrafficClass.DENSE, reply.getDenseRange());
    }
  }

  private void count(TierQuestion question) {
    add(
        TrafficClass.IMAGE_TIERS,
        question.getAdImageKeys(),
        question.getBehaviorImageKeys(),
        question.getBehaviors(),
        question.getImpressions());
  }

  private void add(TrafficClass traffic, ByteString... fields) {
    for (ByteString field : fields) {
      byClass.get(traffic).add(field.size());
    }
  }

  long bytesIn() {
    return bytesIn.sum();
  }

  long bytesOut() {
    return bytesOut.sum();
  }

  /** Bytes received and sent, by class. */
  Map<TrafficClass, Long> bytesByClass() {
    Map<TrafficClass, Long> bytes = new EnumMap<>(TrafficClass.class);
    byClass.forEach((traffic, count) -> bytes.put(traffic, count.sum()));
    return bytes;
  }
}
