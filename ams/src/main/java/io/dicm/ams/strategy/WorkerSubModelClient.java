package io.dicm.ams.strategy;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.Answer;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.client.Welcome;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.SubModel;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A client whose worker runs the sub-model itself: its parameters are the last part of the worker's
 * dense parameters. To the training loop it looks like one whose servers do. For one thread.
 */
public final class WorkerSubModelClient implements AmsClient {
  private final AmsClient servers;
  private final SubModel subModel;
  private final VectorSource vectors;
  private final Map<Long, LocalStep> openSteps = new HashMap<>();
  private int networkLength;

  /**
   * @param servers owned by this client from now on
   * @param subModel with its initial values, of one server for all ranges; owned by this client
   *     from now on
   * @param vectors stays the caller's to close
   */
  public WorkerSubModelClient(AmsClient servers, SubModel subModel, VectorSource vectors) {
    this.servers = servers;
    this.subModel = subModel;
    this.vectors = vectors;
  }

  @Override
  public Welcome join(float[] initialDense, int statistics) {
    networkLength = initialDense.length;
    float[] all = Arrays.copyOf(initialDense, networkLength + subModelLength());
    int offset = networkLength;
    for (CodeNetwork network : subModel.networks()) {
      network.copyValues(0, all, offset, network.layout().length());
      offset += network.layout().length();
    }
    return servers.join(all, statistics);
  }

  private int subModelLength() {
    return subModel.networks().stream().mapToInt(network -> network.layout().length()).sum();
  }

  @Override
  public Answer<StepInputs> ask(StepRequest request) {
    if (!request.tiers().isEmpty()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot count tier histograms where workers run the sub-model: only servers that run it do. Choose another aggregator ("
              + DicmKeys.MODEL_AGGREGATOR
              + ") or the storage strategy ams.");
    }
    long[] images =
        LongStream.concat(
                LongStream.of(request.adImageKeys()), LongStream.of(request.behaviorImageKeys()))
            .distinct()
            .toArray();
    Answer<StepInputs> answer =
        servers.ask(
            new StepRequest(
                request.step(), new long[0], vectors.keysForServers(images), request.idKeys()));
    return new Answer<>() {
      private StepInputs inputs;

      @Override
      public StepInputs await() {
        if (inputs == null) {
          inputs = inputsOf(request, images, answer.await());
        }
        return inputs;
      }
    };
  }

  private StepInputs inputsOf(StepRequest request, long[] images, StepInputs answered) {
    float[] parameters = answered.dense();
    int offset = networkLength;
    for (CodeNetwork network : subModel.networks()) {
      network.put(0, FloatBuffer.wrap(parameters, offset, network.layout().length()));
      offset += network.layout().length();
    }
    LocalStep step =
        LocalStep.forward(
            subModel,
            new LocalVectors(images, vectors.vectors(images, answered), vectors.dimension()),
            request);
    openSteps.put(request.step(), step);
    return new StepInputs(
        step.adCodes(),
        step.behaviorCodes(),
        answered.idEmbeddings(),
        Arrays.copyOf(parameters, networkLength));
  }

  @Override
  public Answer<Void> send(StepGradients gradients) {
    try (LocalStep step = openSteps.remove(gradients.step())) {
      float[] dense = Arrays.copyOf(gradients.dense(), networkLength + subModelLength());
      int offset = networkLength;
      List<CodeNetwork> networks = subModel.networks();
      for (int i = 0; i < networks.size(); i++) {
        // The array belongs to the network, whose next backward pass overwrites it.
        float[] gradient = step.backward(i, gradients);
        System.arraycopy(gradient, 0, dense, offset, gradient.length);
        offset += networks.get(i).layout().length();
      }
      return servers.send(
          new StepGradients(
              gradients.step(),
              gradients.impressions(),
              new float[0],
              new float[0],
              gradients.idEmbeddings(),
              dense,
              gradients.phase()));
    }
  }

  @Override
  public void leave(long nextStep) {
    servers.leave(nextStep);
  }

  /** The worker network's parameters, without the sub-model's. */
  @Override
  public float[] dense() {
    return Arrays.copyOf(servers.dense(), networkLength);
  }

  @Override
  public void close() {
    servers.close();
    openSteps.values().forEach(LocalStep::close);
    subModel.close();
  }
}
