package io.dicm.trainer.predict;

import com.google.common.io.Closer;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.trainer.model.TowerOutput;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.train.Batch;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Leaves the vectors of what one predictor scores for the predictors that they belong to. An item
 * is met again and again: some thousand vectors are held, of which the newest of each ID is
 * written. For one thread.
 */
final class TowerVectorWriter implements Closeable {
  private static final int HELD_VECTORS = 65_536;

  private final Share users;
  private final Share items;

  /**
   * @param predictor whose vectors they are
   * @param heldVectors most of a table that are held
   */
  TowerVectorWriter(TowerParts parts, int predictor, int heldVectors) {
    this.users = new Share(parts, TowerTable.USERS, predictor, heldVectors);
    this.items = new Share(parts, TowerTable.ITEMS, predictor, heldVectors);
  }

  TowerVectorWriter(TowerParts parts, int predictor) {
    this(parts, predictor, HELD_VECTORS);
  }

  /** Takes what was made of a batch. */
  void write(Batch batch, TowerOutput towers) throws IOException {
    int row = 0;
    for (Sample sample : batch.samples()) {
      users.add(
          new TowerVector(
              sample.userId(),
              sample.timestampSeconds(),
              Fingerprints.NONE,
              towers.bias(),
              row(towers.users(), row, towers.width())));
      for (Impression impression : sample.impressions()) {
        items.add(
            new TowerVector(
                impression.itemId(),
                sample.timestampSeconds(),
                impression.imageKey(),
                towers.bias(),
                row(towers.items(), row, towers.width())));
        row++;
      }
    }
  }

  private static float[] row(float[] values, int row, int width) {
    return Arrays.copyOfRange(values, row * width, (row + 1) * width);
  }

  @Override
  public void close() throws IOException {
    try (Closer closer = Closer.create()) {
      closer.register(users);
      closer.register(items);
    }
  }

  /** One table's. */
  private static final class Share implements Closeable {
    private final TowerParts parts;
    private final TowerTable table;
    private final int predictor;
    private final int heldVectors;
    private final NewestVectors held = new NewestVectors();
    private final Map<Integer, ParquetTableWriter<TowerVector>> byOwner = new TreeMap<>();

    private Share(TowerParts parts, TowerTable table, int predictor, int heldVectors) {
      this.parts = parts;
      this.table = table;
      this.predictor = predictor;
      this.heldVectors = heldVectors;
    }

    private void add(TowerVector vector) throws IOException {
      held.add(vector);
      if (held.size() > heldVectors) {
        writeHeld();
      }
    }

    private void writeHeld() throws IOException {
      for (TowerVector vector : held.inOrder()) {
        int owner = parts.ownerOf(table, vector.id());
        ParquetTableWriter<TowerVector> out = byOwner.get(owner);
        if (out == null) {
          out = parts.writer(table, predictor, owner);
          byOwner.put(owner, out);
        }
        out.write(vector);
      }
      held.clear();
    }

    @Override
    public void close() throws IOException {
      try {
        writeHeld();
      } finally {
        try (Closer closer = Closer.create()) {
          byOwner.values().forEach(closer::register);
        }
      }
    }
  }
}
