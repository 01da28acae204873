package io.dicm.ams.checkpoint;

import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.dense.DenseSnapshot;
import io.dicm.ams.submodel.NetworkSnapshot;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes one server's part of a checkpoint into the checkpoint's directory. */
public final class CheckpointPartWriter {
  private final Configuration conf;

  public CheckpointPartWriter(Configuration conf) {
    this.conf = conf;
  }

  /**
   * Writes the part's files, and last the description that says they are complete.
   *
   * @param directory of the whole checkpoint, not yet valid; shared by all servers
   */
  public CheckpointPart write(ServerSnapshot snapshot, Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    SafeTensors tensors = new SafeTensors(conf);
    DenseSnapshot dense = snapshot.dense();
    String denseName = CheckpointLayout.dense(snapshot.server());
    StateTensors states = new StateTensors(snapshot.networkOptimizer());
    Map<String, FloatTensor> denseTensors = new LinkedHashMap<>();
    states.add(
        denseTensors,
        CheckpointLayout.DENSE,
        dense.range(),
        0,
        new long[] {dense.range().length()});
    tensors.write(new Path(directory, denseName), denseTensors);
    names.add(denseName);
    if (!snapshot.networks().isEmpty()) {
      String subModelName = CheckpointLayout.subModel(snapshot.server());
      tensors.write(new Path(directory, subModelName), subModel(states, snapshot.networks()));
      names.add(subModelName);
    }
    String embeddings = CheckpointLayout.embeddings(snapshot.server());
    long embeddingRows =
        new EmbeddingFile(conf, new Path(directory, embeddings), snapshot.embeddings().optimizers())
            .write(snapshot.embeddings());
    names.add(embeddings);
    CheckpointPart part = describe(snapshot, embeddingRows, files(directory, names));
    new JsonFiles(conf).write(new Path(directory, CheckpointLayout.part(snapshot.server())), part);
    return part;
  }

  private static Map<String, FloatTensor> subModel(
      StateTensors states, List<NetworkSnapshot> networks) {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    for (NetworkSnapshot network : networks) {
      for (TensorPiece piece : TensorPiece.of(network.layout(), network.range())) {
        states.add(
            tensors,
            network.name() + "." + piece.tensor().name(),
            network.state(),
            piece.from() - network.range().from(),
            piece.shape());
      }
    }
    return tensors;
  }

  private List<CheckpointFile> files(Path directory, List<String> names) throws IOException {
    List<CheckpointFile> files = new ArrayList<>();
    for (String name : names) {
      Path file = new Path(directory, name);
      long bytes = file.getFileSystem(conf).getFileStatus(file).getLen();
      files.add(new CheckpointFile(name, bytes, FileDigest.sha256(conf, file)));
    }
    return files;
  }

  private static CheckpointPart describe(
      ServerSnapshot snapshot, long embeddingRows, List<CheckpointFile> files) {
    Map<String, Long> updates = new TreeMap<>();
    Map<String, Integer> lengths = new TreeMap<>();
    for (NetworkSnapshot network : snapshot.networks()) {
      updates.put(network.name(), network.updates());
      lengths.put(network.name(), network.layout().length());
    }
    int length = snapshot.dense().fullLength();
    return new CheckpointPart(
        snapshot.server(),
        snapshot.servers(),
        snapshot.steps(),
        DenseRange.of(length, snapshot.server(), snapshot.servers()).from(),
        length,
        snapshot.dense().statistics(),
        snapshot.dense().updates(),
        snapshot.dense().phase(),
        updates,
        lengths,
        snapshot.idSettings(),
        snapshot.weightSettings(),
        snapshot.subModelChecksum(),
        embeddingRows,
        files);
  }
}
