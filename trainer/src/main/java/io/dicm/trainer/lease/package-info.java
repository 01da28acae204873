/**
 * Work in small pieces: who goes on without waiting for others takes the next one when it needs it.
 */
package io.dicm.trainer.lease;
