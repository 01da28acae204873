package io.dicm.ams.wire;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.proto.BackwardRequest;
import io.dicm.ams.proto.ForwardReply;
import io.dicm.ams.proto.ForwardRequest;

/** The steps' records as messages and back. */
public final class StepMessages {
  private StepMessages() {}

  public static ForwardRequest message(int worker, StepRequest request) {
    return ForwardRequest.newBuilder()
        .setWorker(worker)
        .setStep(request.step())
        .setAdImageKeys(WireArrays.ofLongs(request.adImageKeys()))
        .setBehaviorImageKeys(WireArrays.ofLongs(request.behaviorImageKeys()))
        .setIdKeys(WireArrays.ofLongs(request.idKeys()))
        .build();
  }

  public static StepRequest record(ForwardRequest message) {
    return new StepRequest(
        message.getStep(),
        WireArrays.longs(message.getAdImageKeys(), "ad_image_keys"),
        WireArrays.longs(message.getBehaviorImageKeys(), "behavior_image_keys"),
        WireArrays.longs(message.getIdKeys(), "id_keys"));
  }

  public static ForwardReply message(StepInputs inputs) {
    return ForwardReply.newBuilder()
        .setAdCodes(WireArrays.ofFloats(inputs.adCodes()))
        .setBehaviorCodes(WireArrays.ofFloats(inputs.behaviorCodes()))
        .setIdEmbeddings(WireArrays.ofFloats(inputs.idEmbeddings()))
        .setDenseRange(WireArrays.ofFloats(inputs.dense()))
        .build();
  }

  public static StepInputs record(ForwardReply message) {
    return new StepInputs(
        WireArrays.floats(message.getAdCodes(), "ad_codes"),
        WireArrays.floats(message.getBehaviorCodes(), "behavior_codes"),
        WireArrays.floats(message.getIdEmbeddings(), "id_embeddings"),
        WireArrays.floats(message.getDenseRange(), "dense_range"));
  }

  public static BackwardRequest message(int worker, StepGradients gradients) {
    return BackwardRequest.newBuilder()
        .setWorker(worker)
        .setStep(gradients.step())
        .setImpressions(gradients.impressions())
        .setAdCodes(WireArrays.ofFloats(gradients.adCodes()))
        .setBehaviorCodes(WireArrays.ofFloats(gradients.behaviorCodes()))
        .setIdEmbeddings(WireArrays.ofFloats(gradients.idEmbeddings()))
        .setDenseRange(WireArrays.ofFloats(gradients.dense()))
        .build();
  }

  public static StepGradients record(BackwardRequest message) {
    return new StepGradients(
        message.getStep(),
        message.getImpressions(),
        WireArrays.floats(message.getAdCodes(), "ad_codes"),
        WireArrays.floats(message.getBehaviorCodes(), "behavior_codes"),
        WireArrays.floats(message.getIdEmbeddings(), "id_embeddings"),
        WireArrays.floats(message.getDenseRange(), "dense_range"));
  }
}
