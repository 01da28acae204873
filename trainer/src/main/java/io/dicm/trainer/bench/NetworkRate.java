package io.dicm.trainer.bench;

import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.network.IdNetworkKind;

/**
 * How fast a worker's part of a step is, forward and backward.
 *
 * @param network the network on the side of IDs
 * @param images none or joint
 * @param stepMs median over the rounds of each round's median step, ms
 * @param plainStepMs the same of the plain Embedding &amp; MLP with the same pictures, ms
 * @param byPlainLoop median over the rounds of the plain step's time by this one's: above 1 is
 *     faster than it
 */
public record NetworkRate(
    IdNetworkKind network,
    ImageMode images,
    double stepMs,
    double plainStepMs,
    double byPlainLoop) {}
