package io.dicm.ams.checkpoint;

import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.embedding.ByColumns;
import io.dicm.ams.embedding.EmbeddingVisitor;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.io.IOException;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A valid checkpoint, to be read by any number of servers: how many wrote it does not matter.
 * Immutable and safe for use by many threads.
 */
public final class Checkpoint {
  private final Configuration conf;
  private final Path directory;
  private final CheckpointManifest manifest;

  private Checkpoint(Configuration conf, Path directory, CheckpointManifest manifest) {
    this.conf = conf;
    this.directory = directory;
    this.manifest = manifest;
  }

  /**
   * Opens a checkpoint and checks that it is whole: every file that the manifest names is there and
   * has its length.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} without {@code _SUCCESS}, {@link
   *     ErrorCode#STORE_CORRUPT} when a file or a part is missing, cut or of another version
   */
  public static Checkpoint open(Configuration conf, Path directory) throws IOException {
    if (!DirectoryPublisher.isComplete(conf, directory)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot restore from " + directory + ": it has no " + DirectoryPublisher.SUCCESS + ".");
    }
    CheckpointManifest manifest =
        new JsonFiles(conf)
            .read(
                new Path(directory, CheckpointLayout.MANIFEST),
                CheckpointManifest.class,
                ErrorCode.STORE_CORRUPT);
    Checkpoint checkpoint = new Checkpoint(conf, directory, manifest);
    checkpoint.check();
    return checkpoint;
  }

  private void check() throws IOException {
    if (manifest.formatVersion() != CheckpointManifest.FORMAT_VERSION) {
      throw corrupt(
          "its format is "
              + manifest.formatVersion()
              + ", this version reads "
              + CheckpointManifest.FORMAT_VERSION);
    }
    if (manifest.parts().isEmpty()) {
      throw corrupt("it has no parts");
    }
    int servers = manifest.parts().get(0).servers();
    if (manifest.parts().size() != servers) {
      throw corrupt("it has " + manifest.parts().size() + " of " + servers + " parts");
    }
    FileSystem fs = directory.getFileSystem(conf);
    for (CheckpointPart part : manifest.parts()) {
      if (!part.networkUpdates().equals(manifest.parts().get(0).networkUpdates())) {
        throw corrupt("its parts have had different numbers of updates of the sub-model");
      }
      if (part.denseStatistics() != manifest.parts().get(0).denseStatistics()) {
        throw corrupt("its parts have different numbers of statistics of batches");
      }
      if (part.densePhase() != manifest.parts().get(0).densePhase()) {
        throw corrupt("its parts are of different phases of the training");
      }
      if (!part.hasSubModelOf(manifest.parts().get(0))) {
        throw corrupt("its parts are of servers whose replicas of the sub-model differed");
      }
      for (CheckpointFile file : part.files()) {
        Path path = new Path(directory, file.name());
        if (!fs.exists(path)) {
          throw corrupt(file.name() + " is missing");
        }
        long bytes = fs.getFileStatus(path).getLen();
        if (bytes != file.bytes()) {
          throw corrupt(file.name() + " has " + bytes + " bytes, needed " + file.bytes());
        }
      }
    }
  }

  /** Reads every byte and compares the digests; {@link #open} does not, since that takes time. */
  public void verifyDigests() throws IOException {
    for (CheckpointPart part : manifest.parts()) {
      for (CheckpointFile file : part.files()) {
        verified(file.name());
      }
    }
  }

  /** What the checkpoint is. */
  public CheckpointManifest manifest() {
    return manifest;
  }

  /** Length of the dense vector. */
  public int denseLength() {
    return manifest.parts().get(0).denseLength();
  }

  /** Statistics of batches that the dense vector begins with. */
  public int denseStatistics() {
    return manifest.parts().get(0).denseStatistics();
  }

  /** The phase of the training that the dense parameters are in. */
  public int densePhase() {
    return manifest.parts().get(0).densePhase();
  }

  /** Updates that the dense parameters have had in their phase. */
  public long denseUpdates() {
    return manifest.parts().get(0).denseUpdates();
  }

  /** The whole dense vector with its slots. */
  public OptimizerState dense(Optimizer optimizer) throws IOException {
    OptimizerState dense = OptimizerState.startingAt(new float[denseLength()], optimizer);
    int filled = 0;
    for (CheckpointPart part : manifest.parts()) {
      String name = CheckpointLayout.dense(part.server());
      Map<String, FloatTensor> tensors = new SafeTensors(conf).read(verified(name));
      OptimizerState range = state(tensors, name, CheckpointLayout.DENSE, optimizer);
      if (part.denseFrom() != filled || filled + range.length() > dense.length()) {
        throw corrupt(name + " does not follow the part before it");
      }
      dense.copyFrom(range, filled, range.length());
      filled += range.length();
    }
    if (filled != dense.length()) {
      throw corrupt("its dense parts have " + filled + " values, needed " + denseLength());
    }
    return dense;
  }

  /**
   * Updates that a network of the sub-model has had.
   *
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH} when there is no such network
   */
  public long networkUpdates(String network) {
    return ofNetwork(network, CheckpointPart::networkUpdates);
  }

  /** Parameters of a network of the sub-model; errors as {@link #networkUpdates}. */
  public int networkLength(String network) {
    return ofNetwork(network, CheckpointPart::networkLengths);
  }

  private <T> T ofNetwork(String network, Function<CheckpointPart, Map<String, T>> numbers) {
    Map<String, T> ofFirst = numbers.apply(manifest.parts().get(0));
    if (!ofFirst.containsKey(network)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot restore from "
              + directory
              + ": it has the networks "
              + new TreeSet<>(ofFirst.keySet())
              + ", needed '"
              + network
              + "'. Whether ad and behaviour images share a sub-model must be as it was.");
    }
    return ofFirst.get(network);
  }

  /**
   * A network of the sub-model.
   *
   * @return values and slots of the whole network, [layout length] each
   */
  public OptimizerState network(String network, NetworkLayout layout, Optimizer optimizer)
      throws IOException {
    OptimizerState flat = OptimizerState.startingAt(new float[layout.length()], optimizer);
    int servers = manifest.parts().size();
    for (CheckpointPart part : manifest.parts()) {
      String file = CheckpointLayout.subModel(part.server());
      Map<String, FloatTensor> tensors = new SafeTensors(conf).read(verified(file));
      DenseRange range = DenseRange.of(layout.length(), part.server(), servers);
      for (TensorPiece piece : TensorPiece.of(layout, range)) {
        String name = network + "." + piece.tensor().name();
        OptimizerState state = state(tensors, file, name, optimizer);
        if (state.length() != piece.length()) {
          throw corrupt(
              name
                  + " in "
                  + file
                  + " has "
                  + state.length()
                  + " values, needed "
                  + piece.length());
        }
        flat.copyFrom(state, piece.from(), piece.length());
      }
    }
    return flat;
  }

  /** All ID embeddings and candidates of all parts, of a training whose IDs have no weights. */
  public void forEachEmbedding(Optimizer optimizer, EmbeddingVisitor<RuntimeException> visitor)
      throws IOException {
    forEachEmbedding(ByColumns.embeddingAlone(manifest.embeddingDimension(), optimizer), visitor);
  }

  /**
   * All IDs of all parts, trained ones and candidates.
   *
   * @param optimizers that trained them
   */
  public void forEachEmbedding(ByColumns optimizers, EmbeddingVisitor<RuntimeException> visitor)
      throws IOException {
    if (!optimizers.columns().equals(manifest.rowColumns())) {
      throw new IllegalArgumentException(
          "The checkpoint's rows are " + manifest.rowColumns() + ", not " + optimizers.columns());
    }
    for (CheckpointPart part : manifest.parts()) {
      Path file = verified(CheckpointLayout.embeddings(part.server()));
      new EmbeddingFile(conf, file, optimizers).read(part.embeddingRows(), visitor);
    }
  }

  private OptimizerState state(
      Map<String, FloatTensor> tensors, String file, String name, Optimizer optimizer) {
    return new StateTensors(optimizer)
        .find(tensors, name)
        .orElseThrow(() -> corrupt(file + " has no fitting tensors of " + name));
  }

  /** A file of the checkpoint whose bytes are what the manifest says. */
  private Path verified(String name) throws IOException {
    Path path = new Path(directory, name);
    for (CheckpointPart part : manifest.parts()) {
      for (CheckpointFile file : part.files()) {
        if (file.name().equals(name)) {
          if (!FileDigest.sha256(conf, path).equals(file.sha256())) {
            throw corrupt("the bytes of " + name + " have changed");
          }
          return path;
        }
      }
    }
    throw corrupt("no part has the file " + name);
  }

  private DicmException corrupt(String why) {
    return new DicmException(
        ErrorCode.STORE_CORRUPT, "Cannot restore from " + directory + ": " + why + ".");
  }
}
