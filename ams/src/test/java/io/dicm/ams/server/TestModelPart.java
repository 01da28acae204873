package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestModelPart {
  private static final int IMAGES = 30;

  private final Configuration conf = new Configuration();
  @TempDir private java.nio.file.Path folder;

  private Map<Long, float[]> read(Path directory, String key, String list) throws IOException {
    Map<Long, float[]> rows = new HashMap<>();
    for (FileStatus file : ParquetTables.files(conf, directory)) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> assertThat(rows.put(row.getLong(key, 0), floats(row, list))).isNull());
    }
    return rows;
  }

  private static float[] floats(Group row, String name) {
    Group list = row.getGroup(name, 0);
    float[] values = new float[list.getFieldRepetitionCount("list")];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getGroup("list", i).getFloat("element", 0);
    }
    return values;
  }

  @Test
  void holdsWhatTheWorkersSaw() throws IOException {
    Path model = new Path(folder.toUri());
    InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, 16, 5);
    long[] images = new long[IMAGES];
    long[] ids = new long[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      images[i] = InMemorySnapshot.key(i);
      ids[i] = Fingerprints.idKey("id", "" + i);
    }
    StepInputs seen;
    try (Gang gang = new Gang(snapshot, 2, 1);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      seen = client.forward(new StepRequest(0, images, images, ids));
      gang.servers.forEach(server -> server.writeModelPart(conf, model));
    }
    assertThat(ParquetTables.files(conf, new Path(model, "image_codes")))
        .extracting(file -> file.getPath().getName())
        .containsExactly("part-00000.parquet", "part-00001.parquet");
    Map<Long, float[]> adCodes = read(new Path(model, "image_codes"), "image_key", "ad_code");
    Map<Long, float[]> behaviorCodes =
        read(new Path(model, "image_codes"), "image_key", "behavior_code");
    Map<Long, float[]> embeddings = read(new Path(model, "id_embeddings"), "id_key", "embedding");
    assertThat(adCodes).hasSize(IMAGES);
    assertThat(embeddings).hasSize(IMAGES);
    for (int i = 0; i < IMAGES; i++) {
      assertRow(adCodes.get(images[i]), seen.adCodes(), i, 1e-5f);
      assertRow(behaviorCodes.get(images[i]), seen.behaviorCodes(), i, 1e-5f);
      assertRow(embeddings.get(ids[i]), seen.idEmbeddings(), i, 0);
    }
  }

  private static void assertRow(float[] written, float[] all, int row, float tolerance) {
    for (int i = 0; i < written.length; i++) {
      float seen = all[row * written.length + i];
      assertThat(Math.abs(written[i] - seen)).isLessThanOrEqualTo(tolerance);
    }
  }

  @Test
  void subModelFileSaysAllThatCodesOfNewImagesNeed() throws IOException {
    Path model = new Path(folder.toUri());
    InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, 16, 5);
    try (Gang gang = new Gang(snapshot, 1, 1)) {
      gang.servers.get(0).writeModelPart(conf, model);
    }
    Map<String, FloatTensor> tensors =
        new SafeTensors(conf).read(new Path(model, "sub_model.safetensors"));
    assertThat(tensors).hasSize(2 * 8 + 4);
    assertThat(tensors.get("ad.fc1.weight").shape()).containsExactly(256, 16);
    assertThat(tensors.get("behavior.fc3.bias").shape()).containsExactly(12);
    assertThat(tensors.get("input.mean").values()).isEqualTo(snapshot.mean());
    assertThat(tensors.get("input.clip").values()).containsExactly(5);
    assertThat(tensors.get("input.factor").values()).containsExactly(1);
    assertThat(tensors.get("input.inverse_deviation").shape()).containsExactly(16);
  }
}
