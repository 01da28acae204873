package io.dicm.trainer.sample;

import io.dicm.trainer.lease.LeaseSource;
import io.dicm.trainer.lease.SampleLease;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;

/**
 * The pieces of one epoch's leases, each lease asked for when the one before is read. Whoever reads
 * samples is ahead of who computes with them, so nobody waits for the answer. For one thread.
 */
final class LeasedPieces implements Iterator<SamplePiece> {
  private final List<SamplePiece> rowGroups;
  private final LeaseSource leases;
  private final int epoch;
  private final Queue<SamplePiece> pieces = new ArrayDeque<>();
  private int asked;
  private boolean ended;

  /**
   * @param rowGroups all, in the order in which leases count rows
   */
  LeasedPieces(List<SamplePiece> rowGroups, LeaseSource leases, int epoch) {
    this.rowGroups = rowGroups;
    this.leases = leases;
    this.epoch = epoch;
  }

  @Override
  public boolean hasNext() {
    while (pieces.isEmpty() && !ended) {
      Optional<SampleLease> lease = leases.lease(epoch, asked);
      ended = lease.isEmpty();
      asked++;
      lease.ifPresent(
          rows -> pieces.addAll(SamplePiece.samples(rowGroups, rows.fromRow(), rows.toRow())));
    }
    return !pieces.isEmpty();
  }

  @Override
  public SamplePiece next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No lease of epoch " + epoch + " is left.");
    }
    return pieces.remove();
  }
}
