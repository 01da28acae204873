package io.dicm.feature.job;

import io.dicm.feature.source.SourcePiece;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;

/**
 * Cuts a stream of pieces into splits of equal work: of equally many images, since the network
 * takes the same time for each, or of equally many bytes where these are what makes a split full. A
 * piece is never cut. Not safe for use by many threads.
 */
final class SplitCutter {
  private final Path file;
  private final SplitPlan plan;
  private final int splits;
  private final boolean byBytes;
  private final double allWork;
  private final List<InputSplit> done = new ArrayList<>();
  private double workBefore;
  private long start;
  private Open open = new Open();

  /** The split that grows. */
  private static final class Open {
    private long listingBytes;
    private long images;
    private long bytes;
    private long largestPiece = -1;
    private List<String> hosts = List.of();
  }

  /**
   * @param file the listing
   * @param images images of all pieces
   * @param bytes bytes of all pieces
   */
  SplitCutter(Path file, SplitPlan plan, long images, long bytes) {
    this.file = file;
    this.plan = plan;
    this.splits = plan.splits(images, bytes);
    this.byBytes = plan.bytesDecide(images, bytes);
    this.allWork = byBytes ? bytes : images;
  }

  /**
   * Takes the next piece.
   *
   * @param listingBytes bytes that it has in the listing
   */
  void add(SourcePiece piece, long listingBytes) {
    double work = byBytes ? piece.length() : piece.images();
    if (open.listingBytes > 0 && isFull(piece, work)) {
      end();
    }
    open.listingBytes += listingBytes;
    open.images += piece.images();
    open.bytes += piece.length();
    if (piece.length() > open.largestPiece) {
      open.largestPiece = piece.length();
      open.hosts = piece.hosts();
    }
    workBefore += work;
  }

  /** All splits. */
  List<InputSplit> finish() {
    if (open.listingBytes > 0) {
      end();
    }
    return List.copyOf(done);
  }

  private boolean isFull(SourcePiece piece, double work) {
    // Half a piece: each split gets what is nearest to its share.
    double share = allWork * (done.size() + 1) / splits;
    return open.images + piece.images() > plan.imagesPerSplit()
        || open.bytes + piece.length() > plan.bytesPerSplit()
        || workBefore + work / 2 > share;
  }

  private void end() {
    done.add(new FileSplit(file, start, open.listingBytes, open.hosts.toArray(String[]::new)));
    start += open.listingBytes;
    open = new Open();
  }
}
