/**
 * Keeps the replicas of the sub-model equal: gradients are reduced over the servers at the owner of
 * each range, which makes the optimiser's step there, and the new values go back to all.
 */
package io.dicm.ams.reduce;
