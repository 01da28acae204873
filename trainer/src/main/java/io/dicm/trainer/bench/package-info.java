/**
 * Measures training steps against a plain libtorch loop over the same samples. Used by the command
 * {@code bench step}.
 */
package io.dicm.trainer.bench;
