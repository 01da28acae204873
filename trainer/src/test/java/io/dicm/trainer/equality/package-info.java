/**
 * Whether servers, workers, windows and the network between them change what is learned: trainings
 * in several layouts beside one without any of that, and beside the formulas in double precision.
 */
package io.dicm.trainer.equality;
