package io.dicm.ams.wire;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.proto.BackwardRequest;
import io.dicm.ams.proto.ForwardReply;
import io.dicm.ams.proto.ForwardRequest;
import io.dicm.ams.proto.Precision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/** A step's messages from records and back. */
public final class StepMessages {
  private StepMessages() {}

  /**
   * @param request its keys in ascending unsigned order
   * @param precision that the answer's rows shall have
   */
  public static ForwardRequest message(int worker, StepRequest request, RowPrecision precision) {
    ForwardRequest.Builder message =
        ForwardRequest.newBuilder()
            .setWorker(worker)
            .setStep(request.step())
            .setAdImageKeys(KeyLists.of(request.adImageKeys()))
            .setBehaviorImageKeys(KeyLists.of(request.behaviorImageKeys()))
            .setIdKeys(KeyLists.of(request.idKeys()))
            .setPrecision(wire(precision));
    if (!request.tiers().isEmpty()) {
      message.setTiers(TierMessages.message(request.tiers()));
    }
    return message.build();
  }

  /** The request without its question for tier histograms, which is no matter of the window. */
  public static StepRequest record(ForwardRequest message) {
    return new StepRequest(
        message.getStep(),
        KeyLists.keys(message.getAdImageKeys(), "ad_image_keys"),
        KeyLists.keys(message.getBehaviorImageKeys(), "behavior_image_keys"),
        KeyLists.keys(message.getIdKeys(), "id_keys"));
  }

  public static ForwardReply message(StepInputs inputs, RowPrecision precision) {
    return ForwardReply.newBuilder()
        .setAdCodes(precision.bytes(inputs.adCodes()))
        .setBehaviorCodes(precision.bytes(inputs.behaviorCodes()))
        .setIdEmbeddings(precision.bytes(inputs.idEmbeddings()))
        .setDenseRange(WireArrays.ofFloats(inputs.dense()))
        .setTierCounts(TierMessages.counts(inputs.tierCounts()))
        .build();
  }

  /**
   * @param precision that the request asked for
   */
  public static StepInputs record(ForwardReply message, RowPrecision precision) {
    return new StepInputs(
        precision.values(message.getAdCodes(), "ad_codes"),
        precision.values(message.getBehaviorCodes(), "behavior_codes"),
        precision.values(message.getIdEmbeddings(), "id_embeddings"),
        WireArrays.floats(message.getDenseRange(), "dense_range"),
        TierMessages.counts(message.getTierCounts()));
  }

  public static BackwardRequest message(
      int worker, StepGradients gradients, RowPrecision precision) {
    return BackwardRequest.newBuilder()
        .setWorker(worker)
        .setStep(gradients.step())
        .setImpressions(gradients.impressions())
        .setAdCodes(precision.bytes(gradients.adCodes()))
        .setBehaviorCodes(precision.bytes(gradients.behaviorCodes()))
        .setIdEmbeddings(precision.bytes(gradients.idEmbeddings()))
        .setDenseRange(WireArrays.ofFloats(gradients.dense()))
        .setPrecision(wire(precision))
        .setPhase(gradients.phase())
        .build();
  }

  public static StepGradients record(BackwardRequest message) {
    RowPrecision precision = precision(message.getPrecision());
    return new StepGradients(
        message.getStep(),
        message.getImpressions(),
        precision.values(message.getAdCodes(), "ad_codes"),
        precision.values(message.getBehaviorCodes(), "behavior_codes"),
        precision.values(message.getIdEmbeddings(), "id_embeddings"),
        WireArrays.floats(message.getDenseRange(), "dense_range"),
        message.getPhase());
  }

  /** The precision that a message names. */
  public static RowPrecision precision(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> RowPrecision.FLOAT32;
      case FLOAT16 -> RowPrecision.FLOAT16;
      case UNRECOGNIZED ->
          throw new DicmException(
              ErrorCode.INTERNAL, "Cannot read a step's message: its precision is unknown.");
    };
  }

  private static Precision wire(RowPrecision precision) {
    return switch (precision) {
      case FLOAT32 -> Precision.FLOAT32;
      case FLOAT16 -> Precision.FLOAT16;
    };
  }
}
