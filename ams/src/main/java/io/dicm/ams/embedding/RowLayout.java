package io.dicm.ams.embedding;

/**
 * Where what is in an {@link EmbeddingChunk}: each row is a head ({@code key} int64, {@code
 * lastStep} int64, {@code references} int32, {@code updates} int32), then the values and each of
 * the optimisers' slots, {@code width} floats each. Rows begin at multiples of 8 bytes.
 *
 * @param width floats of an ID's row; 0 for rows that are heads alone
 * @param slots numbers that the optimisers keep beside each value
 */
record RowLayout(int width, int slots) {
  static final int KEY = 0;
  static final int LAST_STEP = 8;
  static final int REFERENCES = 16;
  static final int UPDATES = 20;
  private static final int HEAD_BYTES = 24;

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int MOST_ROWS_PER_CHUNK = 1 << 12;
  private static final int LEAST_ROWS_PER_CHUNK = 1 << 3;

  RowLayout {
    if (HEAD_BYTES + (1L + slots) * width * Float.BYTES > Integer.MAX_VALUE / MOST_ROWS_PER_CHUNK) {
      throw new IllegalArgumentException("A row cannot have " + width + " floats");
    }
  }

  static RowLayout headsAlone() {
    return new RowLayout(0, 0);
  }

  /** Bytes of a row. */
  int rowBytes() {
    int bytes = HEAD_BYTES + (1 + slots) * width * Float.BYTES;
    return (bytes + Long.BYTES - 1) & -Long.BYTES;
  }

  /** Rows of a chunk as a power of two, so that a chunk has about a MiB if rows allow. */
  int rowsPerChunk() {
    int fitting = Integer.highestOneBit(Math.max(1, CHUNK_BYTES / rowBytes()));
    return Math.max(LEAST_ROWS_PER_CHUNK, Math.min(MOST_ROWS_PER_CHUNK, fitting));
  }

  /** Byte where the row at {@code place} begins. */
  int rowAt(int place) {
    return place * rowBytes();
  }

  /** The float at which the values of the row at {@code place} begin, counted from the chunk's. */
  int valuesAt(int place) {
    return (rowAt(place) + HEAD_BYTES) / Float.BYTES;
  }
}
