/** Weights of networks: the files that users have them in, and random ones. */
package io.dicm.feature.weights;
