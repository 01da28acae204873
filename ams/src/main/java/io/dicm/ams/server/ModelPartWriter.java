package io.dicm.ams.server;

import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.FeatureShard.ImageName;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.submodel.SubModel;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Writes one server's part of a trained model into the model directory. */
final class ModelPartWriter {
  private static final int IMAGES_PER_BATCH = 1024;

  private static final MessageType CODES_SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message image_codes {
            required binary image_id (STRING);
            required int64 image_key;
            required group ad_code (LIST) { repeated group list { required float element; } }
            required group behavior_code (LIST) { repeated group list { required float element; } }
          }
          """);

  private static final MessageType EMBEDDINGS_SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message id_embeddings {
            required int64 id_key;
            required group embedding (LIST) { repeated group list { required float element; } }
          }
          """);

  private final Configuration conf;
  private final Path modelDirectory;
  private final String partName;

  ModelPartWriter(Configuration conf, Path modelDirectory, int server) {
    this.conf = conf;
    this.modelDirectory = modelDirectory;
    this.partName = ParquetTables.partName(server);
  }

  private record CodeRow(
      ImageName image, float[] adCodes, float[] behaviorCodes, int offset, int length) {}

  private record EmbeddingRow(long key, float[] values) {}

  /**
   * Writes the trained IDs' rows, each an embedding and then the ID's weights if there are any; all
   * others are what seed and key give.
   */
  void writeEmbeddings(EmbeddingTable table) throws IOException {
    int width = table.columns().width();
    try (ParquetTableWriter<EmbeddingRow> writer =
        new ParquetTableWriter<>(
            conf,
            new Path(modelDirectory, "id_embeddings/" + partName),
            EMBEDDINGS_SCHEMA,
            (out, row) -> {
              RowFields.int64(out, "id_key", 0, row.key());
              RowFields.floats(out, "embedding", 1, row.values(), 0, width);
            })) {
      table.forEach((key, values) -> writer.write(new EmbeddingRow(key, values)));
    }
  }

  /** Writes the codes of all images of the shard: without networks the scaled vectors. */
  void writeCodes(FeatureShard shard, SubModel subModel) throws IOException {
    List<ImageName> names = shard.names();
    try (ParquetTableWriter<CodeRow> writer =
        new ParquetTableWriter<>(
            conf,
            new Path(modelDirectory, "image_codes/" + partName),
            CODES_SCHEMA,
            ModelPartWriter::writeCode)) {
      for (int from = 0; from < names.size(); from += IMAGES_PER_BATCH) {
        int count = Math.min(IMAGES_PER_BATCH, names.size() - from);
        List<float[]> codes = codes(shard, subModel, from, count);
        int length = codes.get(0).length / count;
        for (int i = 0; i < count; i++) {
          writer.write(
              new CodeRow(names.get(from + i), codes.get(0), codes.get(1), i * length, length));
        }
      }
    }
  }

  /** Writes what the server moved, as JSON. */
  void writeTraffic(ServerTraffic traffic) throws IOException {
    String name = partName.replace(".parquet", ".json");
    new JsonFiles(conf)
        .write(new Path(new Path(modelDirectory, ServerTraffic.DIRECTORY), name), traffic);
  }

  /** The ad codes and the behaviour codes, [count, code dimension] each. */
  private static List<float[]> codes(FeatureShard shard, SubModel subModel, int from, int count) {
    try (PointerScope scope = new PointerScope()) {
      Tensor vectors = shard.rows(from + FeatureShard.FIRST_ROW, count);
      if (subModel.networks().isEmpty()) {
        float[] values = new float[Math.toIntExact(vectors.numel())];
        vectors.data_ptr_float().get(values);
        return List.of(values, values);
      }
      return List.of(subModel.ad().codes(vectors), subModel.behavior().codes(vectors));
    }
  }

  private static void writeCode(RecordConsumer out, CodeRow row) {
    RowFields.string(out, "image_id", 0, row.image().imageId());
    RowFields.int64(out, "image_key", 1, row.image().imageKey());
    RowFields.floats(out, "ad_code", 2, row.adCodes(), row.offset(), row.length());
    RowFields.floats(out, "behavior_code", 3, row.behaviorCodes(), row.offset(), row.length());
  }

  /**
   * Writes the sub-model with the scaling of its inputs, so that the file says all that is needed
   * to make codes of new images; without networks the scaling alone.
   */
  void writeSubModel(SubModel subModel, VectorScaling scaling) throws IOException {
    Map<String, FloatTensor> tensors = subModel.tensors();
    long[] shape = {scaling.mean().length};
    tensors.put("input.mean", new FloatTensor(shape, scaling.mean()));
    tensors.put("input.inverse_deviation", new FloatTensor(shape, scaling.inverseDeviation()));
    tensors.put("input.clip", new FloatTensor(new long[] {1}, new float[] {VectorScaling.CLIP}));
    tensors.put("input.factor", new FloatTensor(new long[] {1}, new float[] {scaling.factor()}));
    new SafeTensors(conf).write(new Path(modelDirectory, "sub_model.safetensors"), tensors);
  }
}
