package io.dicm.trainer.sample;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * Consecutive rows within one row group of one file.
 *
 * @param rowGroup index within the file
 * @param fromRow first row, within the row group
 * @param toRow row after the last one, within the row group
 */
record SamplePiece(Path file, int rowGroup, long fromRow, long toRow) {

  /** The part of {@code wholes} whose rows, counted over all, lie in [from, to). */
  static List<SamplePiece> rows(List<SamplePiece> wholes, long from, long to) {
    List<SamplePiece> pieces = new ArrayList<>();
    long start = 0;
    for (SamplePiece whole : wholes) {
      long first = Math.max(from - start, whole.fromRow);
      long end = Math.min(to - start, whole.toRow);
      if (first < end) {
        pieces.add(new SamplePiece(whole.file, whole.rowGroup, first, end));
      }
      start += whole.toRow;
    }
    return pieces;
  }
}
