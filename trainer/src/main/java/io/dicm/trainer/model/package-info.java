/**
 * The DICM network of a worker: its shape, its named parameters, its forward and backward pass on
 * libtorch. What the network reads of a batch is made by {@code io.dicm.trainer.train}; image codes
 * and ID embeddings come as plain arrays, from the Advanced Model Servers in training and from a
 * model directory in prediction.
 */
package io.dicm.trainer.model;
