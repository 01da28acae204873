/** Measures training: speed against a plain libtorch loop, and bytes of ways to store pictures. */
package io.dicm.trainer.bench;
