package io.dicm.feature.source;

import java.io.IOException;

/** Takes the pieces of a source one after the other. */
@FunctionalInterface
public interface PieceConsumer {
  void accept(SourcePiece piece) throws IOException;
}
