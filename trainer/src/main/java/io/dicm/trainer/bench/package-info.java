/** Measures training: what moves, and how long a step takes, on the user's data or on generated. */
package io.dicm.trainer.bench;
