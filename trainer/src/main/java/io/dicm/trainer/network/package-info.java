/**
 * The ID side of the model: networks that read embeddings and weights of IDs, with the image path's
 * output beside them, and score each impression. Parameters are declared by name and come with each
 * pass; libtorch differentiates all of it.
 */
package io.dicm.trainer.network;
