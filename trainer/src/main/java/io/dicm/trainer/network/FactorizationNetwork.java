package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/**
 * Factorisation-machine supported neural network (FNN, arXiv 1601.02376): the rows z_i = (v_i, w_i)
 * of all fields and the image path's output side by side, then hidden layers and a linear one. A
 * row begins as a factorisation machine's, which is the network of {@link Objective#PRETRAINING}.
 * Its w_0 is no part of the input: the first hidden layer's bias does the same.
 */
final class FactorizationNetwork implements IdNetwork {
  private static final int CLASSES = 2;

  private final FactorizationMachine machine = new FactorizationMachine("fm");
  private final HiddenLayers hidden;
  private final LinearLayer last;

  FactorizationNetwork(NetworkOptions options, IdShape shape) {
    int inputs = shape.weightedWidth() + shape.imageWidth();
    this.hidden = options.hiddenLayers("mlp", inputs);
    this.last = new LinearLayer("mlp." + options.hidden().size(), hidden.outputWidth(), CLASSES);
  }

  @Override
  public void declare(ParameterSet set) {
    machine.declare(set);
    hidden.declare(set);
    last.declare(set);
  }

  @Override
  public Tensor logits(IdInputs ids, Tensor images, ForwardPass pass) {
    if (pass.objective() == Objective.PRETRAINING) {
      return ClickScores.ofLogOdds(machine.logOdds(ids, pass.parameters()));
    }
    Tensor inputs = IdInputs.join(ids.flatRows(), images);
    return last.apply(hidden.apply(inputs, pass), pass.parameters());
  }
}
