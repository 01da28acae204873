package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/**
 * A network that makes one vector of what is known before an item is chosen and one of the item,
 * and scores by their inner product: vectors of all items can be made beforehand, and the best ones
 * for a user be searched for.
 */
public interface TowerNetwork extends IdNetwork {
  /**
   * What both sides of a batch become.
   *
   * @param users vectors of user, behaviours and context, [impressions, tower width]
   * @param items vectors of the shown items, [impressions, tower width]
   */
  record Towers(Tensor users, Tensor items) {}

  /** Width of the vectors. */
  int towerWidth();

  /** One pass up to the vectors; arguments as {@link #logits(IdInputs, Tensor, ForwardPass)}. */
  Towers towers(IdInputs ids, Tensor images, ForwardPass pass);

  /** What is added to every inner product to make it the log odds of a click, a scalar. */
  Tensor bias(ForwardPass pass);

  /** Scores of "no click" and "click", [impressions, 2]. */
  default Tensor logits(Towers towers, ForwardPass pass) {
    Tensor products = towers.users().mul(towers.items()).sum(1).unsqueeze(1);
    return ClickScores.ofLogOdds(products.add(bias(pass)));
  }

  @Override
  default Tensor logits(IdInputs ids, Tensor images, ForwardPass pass) {
    return logits(towers(ids, images, pass), pass);
  }
}
