package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.reduce.ReplicaExchange;
import io.dicm.ams.table.MergedRows;
import java.util.List;

/** Makes steps of the only worker, whose images' codes never leave the GPU. For one thread. */
final class DeviceSteps {
  private static final float[] NOTHING = {};

  private final ImagePath images;
  private final OwnParameters own;
  private final ReplicaExchange exchange;
  private final OptimizerOptions optimizers;
  private final Runnable stepFinished;

  /**
   * Takes none of them over.
   *
   * @param exchange of a server without others
   * @param stepFinished is told of each step whose updates are made
   */
  DeviceSteps(
      ImagePath images,
      OwnParameters own,
      ReplicaExchange exchange,
      OptimizerOptions optimizers,
      Runnable stepFinished) {
    this.images = images;
    this.own = own;
    this.exchange = exchange;
    this.optimizers = optimizers;
    this.stepFinished = stepFinished;
  }

  /**
   * Finds a step's images and IDs and has the GPU collect the images, before or after the step
   * before it is finished.
   *
   * @throws IllegalStateException as {@link ImagePath#prepareOnDevice}; no ID was asked for then
   */
  PreparedDeviceStep prepare(StepRequest request) {
    PreparedImages prepared = images.prepareOnDevice(request);
    try {
      return new Prepared(prepared, own.find(List.of(request)));
    } catch (RuntimeException | Error e) {
      prepared.close();
      throw e;
    }
  }

  private final class Prepared implements PreparedDeviceStep {
    private final PreparedImages collected;
    private final MergedRows ids;

    Prepared(PreparedImages collected, MergedRows ids) {
      this.collected = collected;
      this.ids = ids;
    }

    @Override
    public DeviceStep begin() {
      DeviceImages forward = collected.forward();
      try {
        return new Step(forward, ids);
      } catch (RuntimeException | Error e) {
        forward.close();
        throw e;
      }
    }

    @Override
    public void close() {
      collected.close();
    }
  }

  private final class Step implements DeviceStep {
    private final DeviceImages images;
    private final MergedRows ids;
    private final DeviceCodes codes;
    private final StepInputs inputs;
    private ImageGradients begun;

    Step(DeviceImages images, MergedRows ids) {
      this.images = images;
      this.ids = ids;
      codes = images.codes();
      float[] idValues = ids.scatter(0, own.idValues(ids), own.idWidth());
      inputs = new StepInputs(NOTHING, NOTHING, idValues, own.denseValues());
    }

    @Override
    public StepInputs inputs() {
      return inputs;
    }

    @Override
    public DeviceCodes codes() {
      return codes;
    }

    @Override
    public void beginImages(DeviceCodes gradients, int impressions) {
      begun = images.backward(gradients, 1f / impressions);
    }

    @Override
    public void finish(StepGradients gradients) {
      long number = gradients.step();
      own.update(ids, List.of(gradients), 1f / gradients.impressions(), number);
      float rate = optimizers.learningRate().at(number);
      ServerModel.await(exchange.step(number, begun.networks(), rate));
      stepFinished.run();
    }

    @Override
    public void close() {
      images.close();
    }
  }
}
