package io.dicm.app.master.checkpoint;

import io.dicm.ams.checkpoint.CheckpointFile;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPart;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.app.launch.CheckpointNames;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.network.NetworkOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Parts of checkpoints as servers write them, with a file of a few bytes each; for tests. */
final class CheckpointParts {
  static final CheckpointManifest IDENTITY =
      new CheckpointManifest(
          CheckpointManifest.FORMAT_VERSION, 0, 1, 4, 16, "adam", "adam", List.of());
  static final CheckpointOrigin ORIGIN =
      new CheckpointOrigin(
          "application_1_0002",
          "a",
          "2026-07-01",
          "vgg",
          "5c",
          ImageMode.JOINT,
          Aggregation.USUAL,
          SubModelShape.USUAL,
          NetworkOptions.USUAL,
          false,
          ImageControl.NONE,
          1.0,
          MissingImages.ZERO,
          VectorPrecision.FLOAT16);

  private final Configuration conf;

  CheckpointParts(Configuration conf) {
    this.conf = conf;
  }

  /** Writes one server's part. */
  void write(Path staging, int server, int servers, long steps) throws IOException {
    Path parts = new Path(staging, CheckpointNames.of(steps));
    FileSystem fs = parts.getFileSystem(conf);
    String name = "dense/part-" + server;
    Path file = new Path(parts, name);
    try (var out = fs.create(file)) {
      out.writeLong(steps);
    }
    CheckpointFile written = new CheckpointFile(name, 8, FileDigest.sha256(conf, file));
    new JsonFiles(conf)
        .write(
            new Path(parts, "parts/part-0000%d.json".formatted(server)),
            new CheckpointPart(
                server,
                servers,
                steps,
                0,
                0,
                0,
                Map.of(),
                Map.of(),
                Map.of(),
                "",
                0,
                List.of(written)));
  }

  /** Commits a checkpoint of one server. */
  void commit(CheckpointStore store, long steps) throws IOException {
    write(store.staging(1), 0, 1, steps);
    new CheckpointCoordinator(
            conf, store, new CheckpointSettings(1, 100, Duration.ZERO), IDENTITY, ORIGIN, 1, 0)
        .reported(List.of(steps));
  }
}
