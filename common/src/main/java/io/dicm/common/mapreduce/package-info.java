/** Submitting and following of MapReduce jobs, with the reason when one fails. */
package io.dicm.common.mapreduce;
