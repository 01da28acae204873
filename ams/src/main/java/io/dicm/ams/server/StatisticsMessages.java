package io.dicm.ams.server;

import io.dicm.ams.embedding.EmbeddingStatistics;
import io.dicm.ams.proto.EmbeddingReply;
import io.dicm.ams.proto.StatisticsReply;

/** What a server says of itself, as a message. */
final class StatisticsMessages {
  private StatisticsMessages() {}

  static StatisticsReply message(ServerStatistics statistics) {
    StatisticsReply.Builder reply = StatisticsReply.newBuilder();
    statistics
        .bytesByClass()
        .forEach((traffic, bytes) -> reply.putBytesByClass(traffic.name(), bytes));
    return reply
        .setImages(statistics.images())
        .setMissingReferences(statistics.missingReferences())
        .setWindows(statistics.windows())
        .setWaitMs(statistics.waitMs())
        .setComputeNs(statistics.computeNs())
        .setUniqueImageReferences(statistics.uniqueImageReferences())
        .setTotalImageReferences(statistics.totalImageReferences())
        .setBytesIn(statistics.bytesIn())
        .setBytesOut(statistics.bytesOut())
        .setEmbeddings(message(statistics.embeddings()))
        .build();
  }

  private static EmbeddingReply message(EmbeddingStatistics statistics) {
    return EmbeddingReply.newBuilder()
        .setRows(statistics.rows())
        .setCandidates(statistics.candidates())
        .setBegun(statistics.begun())
        .setAdmitted(statistics.admitted())
        .setExpired(statistics.expired())
        .setBytes(statistics.bytes())
        .build();
  }
}
