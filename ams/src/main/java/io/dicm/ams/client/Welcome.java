package io.dicm.ams.client;

/**
 * What the servers tell a worker that joins.
 *
 * @param firstStep the first step: 0, or as many as were made before the checkpoint; the worker
 *     leaves out the samples of the steps before
 * @param stepsAhead steps that the worker asks for beyond the one whose gradients it sends next; 0
 *     in synchronous training
 */
public record Welcome(long firstStep, int stepsAhead) {}
