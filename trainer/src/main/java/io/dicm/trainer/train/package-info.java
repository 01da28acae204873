/**
 * The training loop of a worker: samples become batches, batches become steps against the Advanced
 * Model Servers, and what the worker learned is written into the model directory.
 */
package io.dicm.trainer.train;
