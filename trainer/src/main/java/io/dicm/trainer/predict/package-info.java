/** Scoring of samples with a model directory, without servers. */
package io.dicm.trainer.predict;
