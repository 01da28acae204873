package io.dicm.trainer.network;

/**
 * A batch's behaviours step by step: as sequences of samples, each once, and as sequences of
 * impressions, which are those of their samples. Lives in the pointer scope it was made in.
 */
final class BehaviorSteps {
  private final SequenceSteps ofSamples;
  private final SequenceSteps ofImpressions;
  private final int[] behaviorOfRow;
  private final RowIndex behaviors;
  private final RowIndex pairs;
  private final RowIndex impressionOfPair;
  private final RowIndex sequences;

  BehaviorSteps(BehaviorRows rows) {
    int[] lengths = new int[rows.offsets().length];
    for (int sample = 0; sample < lengths.length; sample++) {
      lengths[sample] = rows.end(sample) - rows.offsets()[sample];
    }
    int[] samples = rows.sampleOfImpression();
    int[] impressionLengths = new int[samples.length];
    for (int impression = 0; impression < samples.length; impression++) {
      impressionLengths[impression] = lengths[samples[impression]];
    }
    this.ofSamples = new SequenceSteps(lengths);
    this.ofImpressions = new SequenceSteps(impressionLengths);
    this.behaviorOfRow = behaviorOfRow(rows);
    this.behaviors = new RowIndex(behaviorOfRow, (int) rows.rows().size(0));
    int[] places = new int[lengths.length];
    int[] sampleOrder = ofSamples.order();
    for (int place = 0; place < sampleOrder.length; place++) {
      places[sampleOrder[place]] = place;
    }
    int[] order = ofImpressions.order();
    int[] rowOfPair = new int[ofImpressions.rows()];
    int[] numbers = new int[ofImpressions.rows()];
    int pair = 0;
    long[] sizes = ofImpressions.sizes();
    for (int step = 0; step < sizes.length; step++) {
      for (int place = 0; place < sizes[step]; place++) {
        rowOfPair[pair] = ofSamples.row(step, places[samples[order[place]]]);
        numbers[pair++] = order[place];
      }
    }
    this.pairs = new RowIndex(rowOfPair, ofSamples.rows());
    this.impressionOfPair = new RowIndex(numbers, samples.length);
    this.sequences = new RowIndex(order, samples.length);
  }

  private int[] behaviorOfRow(BehaviorRows rows) {
    int[] order = ofSamples.order();
    long[] sizes = ofSamples.sizes();
    int[] rowOfStep = new int[ofSamples.rows()];
    int next = 0;
    for (int step = 0; step < sizes.length; step++) {
      for (int place = 0; place < sizes[step]; place++) {
        rowOfStep[next++] = rows.offsets()[order[place]] + step;
      }
    }
    return rowOfStep;
  }

  /** The samples' sequences. */
  SequenceSteps ofSamples() {
    return ofSamples;
  }

  /** The impressions' sequences; their rows are pairs of an impression and a behaviour. */
  SequenceSteps ofImpressions() {
    return ofImpressions;
  }

  /** The behaviour of each row of the samples' sequences. */
  RowIndex behaviors() {
    return behaviors;
  }

  /**
   * Of the samples' sequences' last rows the item that was drawn for each.
   *
   * @param count of rows
   */
  RowIndex drawn(DrawnItems items, int count) {
    int first = behaviorOfRow.length - count;
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = items.ofBehavior()[behaviorOfRow[first + i]];
    }
    return new RowIndex(rows, (int) items.rows().size(0));
  }

  /** The row of the samples' sequences of each pair. */
  RowIndex pairs() {
    return pairs;
  }

  /** The impression of each pair. */
  RowIndex impressionOfPair() {
    return impressionOfPair;
  }

  /** The impression of each of the impressions' sequences. */
  RowIndex sequences() {
    return sequences;
  }
}
