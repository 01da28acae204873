/**
 * How gradients change parameters. All arithmetic is in float operations that Java defines to the
 * last bit, so that equal inputs give equal bits on every machine.
 */
package io.dicm.ams.optimizer;
