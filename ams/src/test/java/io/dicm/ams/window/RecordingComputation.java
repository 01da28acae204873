package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Notes what the window asks for; answers each request with its ID keys as numbers. */
final class RecordingComputation implements StepComputation {
  final List<String> log = new ArrayList<>();
  CompletableFuture<Void> update = CompletableFuture.completedFuture(null);
  RuntimeException failure;
  final List<Long> rounds = new ArrayList<>();
  int openSteps;

  @Override
  public OpenStep forward(List<StepRequest> requests) {
    if (failure != null) {
      throw failure;
    }
    StringBuilder line = new StringBuilder("forward " + requests.get(0).step() + ":");
    requests.forEach(request -> line.append(' ').append(request.idKeys()[0]));
    log.add(line.toString());
    openSteps++;
    return new Step(requests);
  }

  private final class Step implements OpenStep {
    private final List<StepRequest> requests;

    private Step(List<StepRequest> requests) {
      this.requests = requests;
    }

    @Override
    public List<StepInputs> answers() {
      return requests.stream()
          .map(
              request ->
                  new StepInputs(
                      new float[0],
                      new float[0],
                      new float[] {request.idKeys()[0]},
                      new float[] {request.step()}))
          .toList();
    }

    @Override
    public boolean trainsImages() {
      return true;
    }

    @Override
    public CompletionStage<Void> backward(long round, List<StepGradients> gradients) {
      StringBuilder line = new StringBuilder("backward " + gradients.get(0).step() + ":");
      gradients.forEach(some -> line.append(' ').append((int) some.idEmbeddings()[0]));
      log.add(line.toString());
      rounds.add(round);
      return update;
    }

    @Override
    public void close() {
      openSteps--;
    }
  }
}
