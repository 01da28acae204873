package io.dicm.trainer.predict;

import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.util.Map;

/**
 * The codes of pictures that the feature store does not have, as training had them: what the
 * sub-model makes of an all-zero vector, which stands for the average picture, the code that was
 * learned, or without a sub-model zeros.
 *
 * @param ad fills in the ad code
 * @param behavior fills in the behaviour code
 */
record MissingCodes(VectorTable.AbsentVector ad, VectorTable.AbsentVector behavior) {
  /**
   * By a model directory's sub-model, whose two networks may be one, {@code shared}.
   *
   * @param shape layers of each network
   * @param missingImages what stood for such pictures in training; where they were errors, nobody
   *     is to ask for their codes
   */
  static MissingCodes of(
      Map<String, FloatTensor> subModel,
      SubModelShape shape,
      MissingImages missingImages,
      int codeDimension) {
    if (!shape.compresses()) {
      VectorTable.AbsentVector zeros = constant(new float[codeDimension]);
      return new MissingCodes(zeros, zeros);
    }
    int layers = shape.layers().size();
    boolean shared = subModel.containsKey("shared.fc1.bias");
    return new MissingCodes(
        constant(code(subModel, layers, shared ? "shared" : "ad", missingImages, codeDimension)),
        constant(
            code(subModel, layers, shared ? "shared" : "behavior", missingImages, codeDimension)));
  }

  private static float[] code(
      Map<String, FloatTensor> subModel,
      int layers,
      String network,
      MissingImages missingImages,
      int codeDimension) {
    float[] code =
        missingImages == MissingImages.LEARNED
            ? values(subModel, network + "." + NetworkLayout.MISSING_CODE)
            : codeOfZeros(subModel, layers, network);
    if (code.length != codeDimension) {
      throw invalid("codes of " + code.length + " floats, needed " + codeDimension);
    }
    return code;
  }

  private static VectorTable.AbsentVector constant(float[] code) {
    return (key, target, offset) -> System.arraycopy(code, 0, target, offset, code.length);
  }

  /** The first layer's weights do not matter: its inputs are zeros. */
  private static float[] codeOfZeros(
      Map<String, FloatTensor> subModel, int layers, String network) {
    float[] hidden = values(subModel, network + ".fc1.bias");
    for (int layer = 2; layer <= layers; layer++) {
      float slope = values(subModel, network + ".prelu" + (layer - 1) + ".weight")[0];
      for (int i = 0; i < hidden.length; i++) {
        hidden[i] = hidden[i] > 0 ? hidden[i] : slope * hidden[i];
      }
      hidden =
          linear(
              hidden,
              values(subModel, network + ".fc" + layer + ".weight"),
              values(subModel, network + ".fc" + layer + ".bias"));
    }
    return hidden;
  }

  private static float[] linear(float[] inputs, float[] weights, float[] biases) {
    if (weights.length != inputs.length * biases.length) {
      throw invalid("a layer of " + weights.length + " weights for " + inputs.length + " inputs");
    }
    float[] outputs = biases.clone();
    for (int o = 0; o < outputs.length; o++) {
      for (int i = 0; i < inputs.length; i++) {
        outputs[o] += weights[o * inputs.length + i] * inputs[i];
      }
    }
    return outputs;
  }

  private static float[] values(Map<String, FloatTensor> subModel, String name) {
    FloatTensor tensor = subModel.get(name);
    if (tensor == null) {
      throw invalid("no tensor " + name);
    }
    return tensor.values().clone();
  }

  private static DicmException invalid(String what) {
    return new DicmException(
        ErrorCode.WEIGHTS_INVALID, "Cannot use the sub-model: it has " + what + ".");
  }
}
