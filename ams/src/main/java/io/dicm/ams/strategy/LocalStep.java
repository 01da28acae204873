package io.dicm.ams.strategy;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.CodePass;
import io.dicm.ams.submodel.SubModel;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** One step of the sub-model in a worker. For one thread. */
final class LocalStep implements AutoCloseable {
  private static final float[] NONE = {};

  private final boolean shared;
  private final NetworkStep ads;
  private final NetworkStep behaviors;

  private LocalStep(boolean shared, NetworkStep ads, NetworkStep behaviors) {
    this.shared = shared;
    this.ads = ads;
    this.behaviors = behaviors;
  }

  /** One network's pass; without images there is none. */
  private record NetworkStep(CodePass pass, Tensor inputs, float[] codes) implements AutoCloseable {
    static NetworkStep forward(CodeNetwork network, LocalVectors vectors, long[] keys) {
      if (keys.length == 0) {
        return new NetworkStep(null, null, NONE);
      }
      try (PointerScope scope = new PointerScope()) {
        Tensor inputs = vectors.of(keys);
        inputs.retainReference();
        CodePass pass = network.forward(inputs);
        return new NetworkStep(pass, inputs, pass.codes());
      }
    }

    float[] backward(float[] codeGradients) {
      return pass == null ? NONE : pass.backward(codeGradients);
    }

    @Override
    public void close() {
      if (pass != null) {
        pass.close();
        inputs.close();
      }
    }
  }

  static LocalStep forward(SubModel subModel, LocalVectors vectors, StepRequest request) {
    long[] ads = request.adImageKeys();
    long[] behaviors = request.behaviorImageKeys();
    if (subModel.networks().size() == 1) {
      long[] all = LongStream.concat(LongStream.of(ads), LongStream.of(behaviors)).toArray();
      NetworkStep both = NetworkStep.forward(subModel.ad(), vectors, all);
      float[] codes = both.codes;
      int split = ads.length * subModel.ad().codeDimension();
      return new LocalStep(
          true,
          new NetworkStep(both.pass, both.inputs, Arrays.copyOf(codes, split)),
          new NetworkStep(null, null, Arrays.copyOfRange(codes, split, codes.length)));
    }
    return new LocalStep(
        false,
        NetworkStep.forward(subModel.ad(), vectors, ads),
        NetworkStep.forward(subModel.behavior(), vectors, behaviors));
  }

  /** [ad images, code dimension]. */
  float[] adCodes() {
    return ads.codes;
  }

  /** [behaviour images, code dimension]. */
  float[] behaviorCodes() {
    return behaviors.codes;
  }

  /** The flat gradient of one network; empty when no image went through it. */
  float[] backward(int network, StepGradients gradients) {
    if (shared) {
      float[] both =
          Arrays.copyOf(
              gradients.adCodes(), gradients.adCodes().length + gradients.behaviorCodes().length);
      System.arraycopy(
          gradients.behaviorCodes(),
          0,
          both,
          gradients.adCodes().length,
          gradients.behaviorCodes().length);
      return ads.backward(both);
    }
    return network == 0
        ? ads.backward(gradients.adCodes())
        : behaviors.backward(gradients.behaviorCodes());
  }

  @Override
  public void close() {
    ads.close();
    behaviors.close();
  }
}
