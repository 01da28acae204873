/**
 * The whole training written down a second time, from the formulas and in double precision: no
 * batches, no de-duplication, no tensors, no servers. Slow and easy to check by eye; what trains
 * fast is compared with it.
 */
package io.dicm.trainer.reference;
