/** Sums over the servers that keep the replicas of the sub-model equal. */
package io.dicm.ams.reduce;
