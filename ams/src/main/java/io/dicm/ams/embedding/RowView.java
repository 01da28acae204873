package io.dicm.ams.embedding;

import io.dicm.common.key.Fingerprints;
import java.util.List;

/**
 * The rows of a {@link RowStore} that have not expired, in the order of their numbers.
 *
 * @param end one more than the highest row's number
 * @param firstLastStep rows last asked for before this step have expired
 */
record RowView(RowLayout layout, List<EmbeddingChunk> chunks, int end, long firstLastStep) {
  /** Takes the row at {@code place} of a chunk. */
  @FunctionalInterface
  interface PlaceVisitor<E extends Exception> {
    void visit(EmbeddingChunk chunk, int place) throws E;
  }

  <E extends Exception> void forEach(PlaceVisitor<E> visitor) throws E {
    int rowsPerChunk = layout.rowsPerChunk();
    for (int row = 0; row < end; row++) {
      EmbeddingChunk chunk = chunks.get(row / rowsPerChunk);
      int place = row % rowsPerChunk;
      if (chunk.key(place) != Fingerprints.NONE && chunk.lastStep(place) >= firstLastStep) {
        visitor.visit(chunk, place);
      }
    }
  }

  void release() {
    chunks.forEach(EmbeddingChunk::release);
  }
}
