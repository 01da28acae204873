package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * What an ID network reads of a batch. A row is an embedding, then weights; a field's row is the
 * mean of its values' rows, zeros without any.
 *
 * @param shape the sizes
 * @param sample rows of the sample fields, [impressions, sample fields, row width]; null without
 *     any
 * @param impression rows of the impression fields, [impressions, impression fields, row width];
 *     null without any
 * @param crosses rows of the crosses, [impressions, crosses, row width]; null without any
 * @param behaviors the behaviours one by one; null unless the network reads them so
 */
public record IdInputs(
    IdShape shape, Tensor sample, Tensor impression, Tensor crosses, BehaviorRows behaviors) {

  /** All fields' embeddings side by side, [impressions, fields * embedding width]. */
  Tensor flatEmbeddings() {
    return join(flat(sample, shape.embeddingWidth()), flat(impression, shape.embeddingWidth()));
  }

  /** The sample fields' embeddings side by side, or null without any. */
  Tensor flatSample() {
    return flat(sample, shape.embeddingWidth());
  }

  /** The impression fields' embeddings side by side, or null without any. */
  Tensor flatImpression() {
    return flat(impression, shape.embeddingWidth());
  }

  /** The shown item's fields' embeddings side by side, or null without any. */
  Tensor flatItem() {
    return flatImpression(0, shape.itemFields());
  }

  /** The context fields' embeddings side by side, or null without any. */
  Tensor flatContext() {
    return flatImpression(shape.itemFields(), shape.contextFields());
  }

  private Tensor flatImpression(int from, int fields) {
    return fields == 0 ? null : flat(impression.narrow(1, from, fields), shape.embeddingWidth());
  }

  /** All fields' embeddings, [impressions, fields, embedding width]. */
  Tensor embeddings() {
    return join(
        columns(sample, 0, shape.embeddingWidth()), columns(impression, 0, shape.embeddingWidth()));
  }

  /** All fields' rows side by side, [impressions, fields * row width]. */
  Tensor flatRows() {
    TensorVector parts = new TensorVector();
    for (int field = 0; field < shape.sampleFields(); field++) {
      weighted(parts, sample, field, shape.weightOfSampleField(field));
    }
    for (int field = 0; field < shape.impressionFields(); field++) {
      weighted(parts, impression, field, 0);
    }
    return torch.cat(parts, 1);
  }

  private void weighted(TensorVector parts, Tensor rows, int field, int weight) {
    Tensor row = rows.select(1, field);
    parts.push_back(row.narrow(1, 0, shape.embeddingWidth()));
    parts.push_back(row.narrow(1, (long) shape.embeddingWidth() + weight, 1));
  }

  /**
   * All fields' weights, [impressions, fields]: what behaviours carry has other weights than the
   * same ID of the shown item.
   */
  Tensor weights() {
    if (sample == null) {
      return weightsOf(impression, 0);
    }
    int carried = shape.weightColumns() > 1 ? shape.carriedFields() : 0;
    int own = shape.sampleFields() - carried;
    return join(
        own == 0 ? null : weightsOf(sample.narrow(1, 0, own), 0),
        carried == 0 ? null : weightsOf(sample.narrow(1, own, carried), 1),
        weightsOf(impression, 0));
  }

  /** The crosses' weights, [impressions, crosses], or null without any. */
  Tensor crossWeights() {
    return weightsOf(crosses, 0);
  }

  /**
   * The shown item's embeddings of the fields that behaviours carry, [impressions, behavior width].
   */
  Tensor target() {
    TensorVector parts = new TensorVector();
    for (int field : shape.targetFields()) {
      parts.push_back(impression.select(1, field).narrow(1, 0, shape.embeddingWidth()));
    }
    return torch.cat(parts, 1);
  }

  private Tensor weightsOf(Tensor rows, int weight) {
    return rows == null ? null : rows.select(2, (long) shape.embeddingWidth() + weight);
  }

  private static Tensor flat(Tensor rows, int width) {
    Tensor embeddings = columns(rows, 0, width);
    return embeddings == null ? null : embeddings.flatten(1, -1);
  }

  private static Tensor columns(Tensor rows, int from, int count) {
    return rows == null || rows.size(2) == count ? rows : rows.narrow(2, from, count);
  }

  /** Side by side what is not null; null when nothing is. */
  static Tensor join(Tensor... parts) {
    TensorVector present = new TensorVector();
    Tensor last = null;
    for (Tensor part : parts) {
      if (part != null) {
        present.push_back(part);
        last = part;
      }
    }
    return present.size() > 1 ? torch.cat(present, 1) : last;
  }
}
