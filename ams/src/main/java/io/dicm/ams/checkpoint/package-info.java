/**
 * One consistent checkpoint of a training: every server's part of one and the same step, written by
 * its owner, made valid by one manifest. Tensors are safetensors, embeddings Parquet, manifests
 * JSON: any tool can read them.
 */
package io.dicm.ams.checkpoint;
