package io.dicm.trainer.equality;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.Answer;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.client.Welcome;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModel;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.TrainedState;
import io.dicm.trainer.network.DenseLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What all servers do for one worker, without servers: the product's own tables and networks, but
 * no windows, no merging, no calls and no other threads. For one thread.
 */
final class InProcessServers implements AmsClient {
  private static final long MEMORY_LIMIT_BYTES = 1 << 24;

  private final DenseLayout layout;
  private final FeatureShard shard;
  private final SubModel subModel;
  private final List<InProcessNetwork> networks;
  private final EmbeddingTable embeddings;
  private final DenseParameters dense;
  private StepRequest request;
  private Map<String, float[]> gradients = Map.of();

  InProcessServers(TrainingProblem problem) throws IOException {
    Adam adam = new Adam();
    this.layout = problem.network().layout();
    this.shard =
        FeatureShard.load(
            problem.snapshot(),
            0,
            1,
            VectorPrecision.FLOAT32,
            MEMORY_LIMIT_BYTES,
            1,
            ProgressListener.NONE);
    this.subModel =
        new SubModel(
            NetworkLayout.of(TrainingProblem.VECTOR_DIMENSION),
            problem.shared(),
            TrainingProblem.SEED,
            adam,
            0,
            1,
            ComputeCrew.alone());
    this.networks =
        subModel.networks().stream().map(network -> new InProcessNetwork(network, shard)).toList();
    this.embeddings =
        new EmbeddingTable(
            TrainingProblem.EMBEDDING_DIMENSION,
            TrainingProblem.SEED,
            adam,
            0,
            EmbeddingOptions.everyId(MEMORY_LIMIT_BYTES),
            new MemoryBudget("the embeddings", "", MEMORY_LIMIT_BYTES));
    this.dense = new DenseParameters(0, 1, adam);
  }

  @Override
  public Welcome join(float[] initialDense, int statistics) {
    dense.offer(DenseParameters.LEADER, initialDense.length, statistics, initialDense.clone());
    return new Welcome(0, 0);
  }

  @Override
  public Answer<StepInputs> ask(StepRequest asked) {
    StepInputs inputs = inputs(asked);
    return () -> inputs;
  }

  private StepInputs inputs(StepRequest asked) {
    request = asked;
    List<float[]> codes = new ArrayList<>();
    if (networks.size() == 1) {
      float[] all = networks.get(0).forward(joined(asked));
      int ads = asked.adImageKeys().length * InProcessNetwork.WIDTH;
      codes.add(Arrays.copyOf(all, ads));
      codes.add(Arrays.copyOfRange(all, ads, all.length));
    } else {
      codes.add(networks.get(0).forward(asked.adImageKeys()));
      codes.add(networks.get(1).forward(asked.behaviorImageKeys()));
    }
    return new StepInputs(
        codes.get(0),
        codes.get(1),
        embeddings.values(embeddings.rowsOf(asked.step(), asked.idKeys())),
        dense.values());
  }

  private static long[] joined(StepRequest asked) {
    long[] keys =
        Arrays.copyOf(
            asked.adImageKeys(), asked.adImageKeys().length + asked.behaviorImageKeys().length);
    System.arraycopy(
        asked.behaviorImageKeys(),
        0,
        keys,
        asked.adImageKeys().length,
        asked.behaviorImageKeys().length);
    return keys;
  }

  @Override
  public Answer<Void> send(StepGradients sums) {
    update(sums);
    return () -> null;
  }

  private void update(StepGradients sums) {
    float scale = 1f / sums.impressions();
    float rate = (float) TrainingProblem.LEARNING_RATE;
    gradients = new TreeMap<>();
    float[] denseGradient = scaled(sums.dense(), scale);
    layout.split(denseGradient).forEach((name, tensor) -> gradients.put(name, tensor.values()));
    float[] ads = scaled(sums.adCodes(), scale);
    float[] behaviors = scaled(sums.behaviorCodes(), scale);
    if (networks.size() == 1) {
      float[] all = Arrays.copyOf(ads, ads.length + behaviors.length);
      System.arraycopy(behaviors, 0, all, ads.length, behaviors.length);
      gradients.putAll(networks.get(0).backward(all, rate));
    } else {
      gradients.putAll(networks.get(0).backward(ads, rate));
      gradients.putAll(networks.get(1).backward(behaviors, rate));
    }
    float[] ids = scaled(sums.idEmbeddings(), scale);
    int width = embeddings.columns().width();
    for (int i = 0; i < request.idKeys().length; i++) {
      gradients.put(
          TrainedState.embedding(request.idKeys()[i]),
          Arrays.copyOfRange(ids, i * width, (i + 1) * width));
    }
    embeddings.update(embeddings.rowsOf(request.step(), request.idKeys()), ids, rate);
    dense.update(denseGradient, rate, 0);
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values[i] * factor;
    }
    return scaled;
  }

  /** The mean gradients of the last step, by tensor; an ID embedding each. */
  Map<String, float[]> gradients() {
    return gradients;
  }

  /** All parameters by name, an ID embedding each. */
  Map<String, float[]> parameters() {
    Map<String, float[]> all = new TreeMap<>();
    layout.split(dense()).forEach((name, tensor) -> all.put(name, tensor.values()));
    subModel.tensors().forEach((name, tensor) -> all.put(name, tensor.values()));
    embeddings.forEach((key, values) -> all.put(TrainedState.embedding(key), values.clone()));
    return all;
  }

  @Override
  public void leave(long nextStep) {
    // Nobody else takes part.
  }

  @Override
  public float[] dense() {
    return dense.values();
  }

  @Override
  public void close() {
    networks.forEach(InProcessNetwork::close);
    subModel.close();
    embeddings.close();
    shard.close();
  }
}
