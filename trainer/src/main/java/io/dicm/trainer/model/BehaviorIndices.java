package io.dicm.trainer.model;

/**
 * The behaviours of a batch, for a network that reads them one by one: each sample's once, oldest
 * first, sample after sample.
 *
 * @param ids rows of ID embeddings, {@link NetworkShape#behaviorBags()} bags a behaviour
 * @param offsets where each sample's behaviours begin, counted in behaviours, [samples]; empty
 *     where behaviours are not read one by one
 * @param drawnIds rows of ID embeddings of the items drawn at random, as many bags an item; none
 *     but in training
 * @param drawnOfBehavior the drawn item that each behaviour is to be told from, [behaviors]; empty
 *     without drawn items
 */
public record BehaviorIndices(Bags ids, int[] offsets, Bags drawnIds, int[] drawnOfBehavior) {
  /** Of a network that does not read behaviours one by one. */
  public static final BehaviorIndices NONE =
      new BehaviorIndices(Bags.NONE, new int[0], Bags.NONE, new int[0]);
}
