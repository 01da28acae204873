package io.dicm.trainer.sample;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * Consecutive samples within one row group of one file.
 *
 * @param rowGroup index within the file
 * @param fromSample first sample, within the row group
 * @param toSample sample after the last one, within the row group
 */
record SamplePiece(Path file, int rowGroup, long fromSample, long toSample) {

  /** The part of {@code wholes} whose samples, counted over all, lie in [from, to). */
  static List<SamplePiece> samples(List<SamplePiece> wholes, long from, long to) {
    List<SamplePiece> pieces = new ArrayList<>();
    long start = 0;
    for (SamplePiece whole : wholes) {
      long first = Math.max(from - start, whole.fromSample);
      long end = Math.min(to - start, whole.toSample);
      if (first < end) {
        pieces.add(new SamplePiece(whole.file, whole.rowGroup, first, end));
      }
      start += whole.toSample;
    }
    return pieces;
  }
}
