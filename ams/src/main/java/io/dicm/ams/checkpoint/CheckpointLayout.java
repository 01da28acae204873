package io.dicm.ams.checkpoint;

import io.dicm.common.parquet.ParquetTables;
import java.util.Locale;

/** Names of a checkpoint's files and of what is in them. */
final class CheckpointLayout {
  static final String MANIFEST = "checkpoint.json";

  static final String VALUES = "value";
  static final String DENSE = "dense";

  /** Before the names of what is kept of an ID's weights, beside its embedding. */
  static final String WEIGHT_PREFIX = "weight_";

  private CheckpointLayout() {}

  static String part(int server) {
    return String.format(Locale.ROOT, "parts/part-%05d.json", server);
  }

  static String dense(int server) {
    return String.format(Locale.ROOT, "dense/part-%05d.safetensors", server);
  }

  static String subModel(int server) {
    return String.format(Locale.ROOT, "sub_model/part-%05d.safetensors", server);
  }

  static String embeddings(int server) {
    return "id_embeddings/" + ParquetTables.partName(server);
  }
}
