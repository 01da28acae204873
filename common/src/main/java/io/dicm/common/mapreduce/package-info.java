/**
 * Submitting and following of MapReduce jobs, with the reason when one fails; small ones run in the
 * submitting process.
 */
package io.dicm.common.mapreduce;
