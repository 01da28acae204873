package io.dicm.feature.source;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Where images come from. The client lists a source once, as a stream of pieces; each map task
 * reads the pieces of its split. Safe for use by many threads.
 */
public sealed interface ImageSource permits FolderSource, SequenceFileSource, ParquetSource {
  /** The value of {@code dicm.extract.source} that chooses this kind. */
  SourceKind kind();

  /** The directory, or the one file, qualified. */
  Path location();

  /** Whether {@link SourcePiece#images} is exact. */
  boolean countsImages();

  /** The piece's one image_id, when a piece is an image file. */
  Optional<String> imageId(SourcePiece piece);

  /**
   * Streams all pieces, without looking at each image file on its own. The order is the file
   * system's.
   *
   * @throws io.dicm.common.error.DicmException {@code INPUT_MISSING} when there is nothing at the
   *     location, {@code INPUT_INVALID} for a file that cannot be one of this source
   */
  void list(PieceConsumer pieces) throws IOException;

  /** Opens a piece that {@link #list} gave. */
  ImageCursor open(SourcePiece piece) throws IOException;
}
