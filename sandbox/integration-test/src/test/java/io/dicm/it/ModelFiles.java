package io.dicm.it;

import io.dicm.common.fs.FileDigest;
import io.dicm.common.parquet.ParquetTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;

/**
 * What a model directory holds, to be compared to the last bit.
 *
 * @param digests SHA-256 of the files of dense parameters and sub-model
 * @param embeddings by ID
 */
record ModelFiles(Map<String, String> digests, Map<Long, List<Float>> embeddings) {
  static ModelFiles read(Configuration conf, Path model) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (String name : List.of("dense.safetensors", "sub_model.safetensors")) {
      digests.put(name, FileDigest.sha256(conf, new Path(model, name)));
    }
    Map<Long, List<Float>> embeddings = new TreeMap<>();
    for (FileStatus file : ParquetTables.files(conf, new Path(model, "id_embeddings"))) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> embeddings.put(row.getLong("id_key", 0), floats(row.getGroup("embedding", 0))));
    }
    return new ModelFiles(digests, embeddings);
  }

  private static List<Float> floats(Group list) {
    List<Float> floats = new ArrayList<>();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      floats.add(list.getGroup(0, i).getFloat(0, 0));
    }
    return floats;
  }
}
