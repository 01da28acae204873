package io.dicm.ams.window;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One step in a window, from its first request to its update. */
final class Round {
  private final long step;
  private final Gathering<StepRequest, StepInputs> requests = new Gathering<>();
  private final Gathering<StepGradients, Void> gradients = new Gathering<>();
  private OpenStep open;

  Round(long step) {
    this.step = step;
  }

  /** Takes a request, or the same one again. */
  CompletableFuture<StepInputs> ask(int worker, StepRequest request) {
    if (requests.has(worker)) {
      StepRefusals.checkSameKeys(worker, requests.question(worker), request);
      return requests.answer(worker);
    }
    return requests.add(worker, request);
  }

  /** Takes gradients, or the same ones again. */
  CompletableFuture<Void> give(int worker, StepGradients sent) {
    if (open == null || !requests.has(worker)) {
      throw StepRefusals.refused(worker, step, "it sent gradients before it was answered");
    }
    if (gradients.has(worker)) {
      return gradients.answer(worker);
    }
    StepRefusals.checkLengths(worker, requests.answer(worker).join(), sent, open.trainsImages());
    return gradients.add(worker, sent);
  }

  boolean hasAsked(int worker) {
    return requests.has(worker);
  }

  /** The answer to gradients that a worker has given. */
  CompletableFuture<Void> given(int worker) {
    return gradients.answer(worker);
  }

  List<Integer> askers() {
    return requests.workers();
  }

  /** Those who were answered and have given no gradients. */
  List<Integer> withoutGradients() {
    return requests.workers().stream().filter(worker -> !gradients.has(worker)).toList();
  }

  boolean isAnswered() {
    return open != null;
  }

  boolean hasSomeGradients() {
    return !gradients.isEmpty();
  }

  /** Whether all who were answered have given their gradients. */
  boolean hasAllGradients() {
    return open != null && gradients.workers().equals(requests.workers());
  }

  /** Whether somebody waits for an answer. */
  boolean isWaitedFor() {
    return (open == null && !requests.isEmpty()) || !gradients.isEmpty();
  }

  /** Time that the requests, or when those are answered the gradients, have been waiting, ms. */
  long waitMs(long fromNs) {
    return open == null ? requests.ageMs(fromNs) : gradients.ageMs(fromNs);
  }

  /** Runs the forward half and answers. */
  void forward(StepComputation computation) {
    open = computation.forward(requests.questions());
    requests.answerAll(open.answers());
  }

  CompletionStage<Void> backward(long round) {
    return open.backward(round, gradients.questions());
  }

  /** Answers those who gave gradients: the update is made. */
  void finish() {
    open.close();
    gradients.answerEach(null);
  }

  void fail(DicmException cause) {
    if (open != null) {
      open.close();
    }
    requests.fail(cause);
    gradients.fail(cause);
  }
}
