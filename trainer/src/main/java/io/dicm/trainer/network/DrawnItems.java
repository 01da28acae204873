package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/**
 * Items drawn at random, to be told from the behaviours of a batch.
 *
 * @param rows their fields' embeddings side by side, as those of behaviours, [drawn items, behavior
 *     fields * embedding width]
 * @param ofBehavior the one that each behaviour has, [behaviors]
 */
public record DrawnItems(Tensor rows, int[] ofBehavior) {}
