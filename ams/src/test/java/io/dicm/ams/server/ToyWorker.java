package io.dicm.ams.server;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.Answer;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A worker with a network of its own hand: the prediction is a weighted sum of the ad code, the
 * behaviour code and the ID embedding, plus a bias; the loss half the squared error. For tests.
 */
final class ToyWorker {
  private static final int CODE = 12;
  private static final int ID = Gang.EMBEDDING_DIMENSION;
  static final int DENSE = 2 * CODE + ID + 1;

  private final AmsClient client;
  private final int code;
  private final int denseLength;
  private final Deque<OpenStep> open = new ArrayDeque<>();
  private Answer<Void> lastUpdate = () -> null;

  ToyWorker(AmsClient client) {
    this(client, CODE);
  }

  /** With codes of another length. */
  ToyWorker(AmsClient client, int code) {
    this.client = client;
    this.code = code;
    this.denseLength = denseLength(code);
  }

  static int denseLength(int code) {
    return 2 * code + ID + 1;
  }

  /** One impression. */
  record Example(long adImage, long behaviorImage, long id, float target) {}

  static float[] initialDense() {
    return initialDense(CODE);
  }

  static float[] initialDense(int code) {
    float[] dense = new float[denseLength(code)];
    Arrays.fill(dense, 0.5f);
    return dense;
  }

  /** A step that the servers were asked for. */
  private record OpenStep(
      long step,
      List<Example> batch,
      Rows ads,
      Rows behaviors,
      Rows ids,
      Answer<StepInputs> answer) {}

  /** Runs one step; returns the sum of losses. */
  double step(long step, List<Example> batch) {
    ask(step, batch);
    double loss = train();
    awaitUpdate();
    return loss;
  }

  /** Waits for the update of the step trained last. */
  void awaitUpdate() {
    lastUpdate.await();
  }

  /** Asks for a step. */
  void ask(long step, List<Example> batch) {
    Rows ads = new Rows(batch.stream().mapToLong(Example::adImage).toArray());
    Rows behaviors = new Rows(batch.stream().mapToLong(Example::behaviorImage).toArray());
    Rows ids = new Rows(batch.stream().mapToLong(Example::id).toArray());
    open.add(
        new OpenStep(
            step,
            batch,
            ads,
            behaviors,
            ids,
            client.ask(new StepRequest(step, ads.keys(), behaviors.keys(), ids.keys()))));
  }

  /** Steps that were asked for and not trained. */
  int openSteps() {
    return open.size();
  }

  /** Computes the oldest open step and sends its gradients; returns the sum of losses. */
  double train() {
    OpenStep asked = open.remove();
    long step = asked.step;
    List<Example> batch = asked.batch;
    Rows ads = asked.ads;
    Rows behaviors = asked.behaviors;
    Rows ids = asked.ids;
    StepInputs inputs = asked.answer.await();
    StepGradients gradients =
        new StepGradients(
            step,
            batch.size(),
            new float[inputs.adCodes().length],
            new float[inputs.behaviorCodes().length],
            new float[inputs.idEmbeddings().length],
            new float[denseLength]);
    double loss = 0;
    for (int i = 0; i < batch.size(); i++) {
      int ad = ads.rowOf(i) * code;
      int behavior = behaviors.rowOf(i) * code;
      int id = ids.rowOf(i) * ID;
      float[] dense = inputs.dense();
      float error =
          dense[denseLength - 1]
              + dot(dense, 0, inputs.adCodes(), ad, code)
              + dot(dense, code, inputs.behaviorCodes(), behavior, code)
              + dot(dense, 2 * code, inputs.idEmbeddings(), id, ID)
              - batch.get(i).target();
      loss += 0.5 * error * error;
      gradients.dense()[denseLength - 1] += error;
      back(error, dense, gradients.dense(), 0, inputs.adCodes(), gradients.adCodes(), ad, code);
      back(
          error,
          dense,
          gradients.dense(),
          code,
          inputs.behaviorCodes(),
          gradients.behaviorCodes(),
          behavior,
          code);
      back(
          error,
          dense,
          gradients.dense(),
          2 * code,
          inputs.idEmbeddings(),
          gradients.idEmbeddings(),
          id,
          ID);
    }
    lastUpdate.await();
    lastUpdate = client.send(gradients);
    return loss;
  }

  private static float dot(float[] a, int fromA, float[] b, int fromB, int length) {
    float sum = 0;
    for (int i = 0; i < length; i++) {
      sum += a[fromA + i] * b[fromB + i];
    }
    return sum;
  }

  private static void back(
      float error,
      float[] dense,
      float[] denseGradients,
      int fromDense,
      float[] rows,
      float[] rowGradients,
      int fromRow,
      int length) {
    for (int i = 0; i < length; i++) {
      denseGradients[fromDense + i] += error * rows[fromRow + i];
      rowGradients[fromRow + i] += error * dense[fromDense + i];
    }
  }

  /** Each key once, and the row of each example's. */
  private static final class Rows {
    private final Map<Long, Integer> rows = new LinkedHashMap<>();
    private final long[] all;

    private Rows(long[] all) {
      this.all = all;
      for (long key : all) {
        rows.putIfAbsent(key, rows.size());
      }
    }

    private long[] keys() {
      return rows.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    private int rowOf(int example) {
      return rows.get(all[example]);
    }
  }
}
